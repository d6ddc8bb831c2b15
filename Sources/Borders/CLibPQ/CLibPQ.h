#include <sys/eventfd.h>
#include <libpq-fe.h>
