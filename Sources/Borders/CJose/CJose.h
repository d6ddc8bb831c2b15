#include <cjose/cjose.h>
#include <openssl/err.h>
