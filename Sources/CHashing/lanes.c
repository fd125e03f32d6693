#include "rounds.h"
#include "search.h"

#if defined(__x86_64__)

#define NAME phi_search_avx512
#define LANES 16
#define TARGET __attribute__(( \
    target("avx512f,avx512vl,avx512bw,avx512dq"), min_vector_width(512)))
#include "lanes.h"

#define NAME phi_search_avx2
#define LANES 8
#define TARGET __attribute__((target("avx2"), min_vector_width(256)))
#include "lanes.h"

#define NAME phi_search_sse2
#define LANES 4
#define TARGET
#include "lanes.h"

#elif defined(__aarch64__)

#define NAME phi_search_neon
#define LANES 4
#define TARGET
#include "lanes.h"

#endif
