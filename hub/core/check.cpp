#include "core/check.h"

#include <cstdio>
#include <cstdlib>

namespace yimen::core {

void checkFailed(const char* expression, const char* file, int line) noexcept {
    std::fprintf(stderr, "yimen: broken invariant '%s' at %s:%d\n", expression, file, line);
    std::abort();
}

}  // namespace yimen::core
