#pragma once
// Plain functions over what Swift cannot import of libwebsockets: macros, variadics, unions. No state, no policy.
#include <libwebsockets.h>

enum { PARLEY_LWS_PRE = LWS_PRE };
