#include "sync/dead_letter.h"

#include "sync/row_hash.h"

namespace yimen::sync {

std::uint64_t letterIdentity(const Reject& reject) {
    if (reject.key) return *reject.key;
    if (!reject.raw.empty()) return textHash(reject.raw);
    return textHash(reject.field + '#' + std::to_string(reject.origin));
}

}  // namespace yimen::sync
