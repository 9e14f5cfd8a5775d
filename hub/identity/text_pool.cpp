#include "identity/text_pool.h"

#include <algorithm>

namespace yimen::identity {

TextPool::Text TextPool::share(std::string_view text) {
    const std::lock_guard lock(mutex_);
    const auto known = texts_.find(text);
    if (known != texts_.end()) return *known;
    if (texts_.size() >= cleanAt_) {
        std::erase_if(texts_, [](const Text& kept) { return kept.use_count() == 1; });
        cleanAt_ = std::max(kFirstCleaning, 2 * texts_.size());
    }
    return *texts_.insert(std::make_shared<const std::string>(text)).first;
}

std::size_t TextPool::size() const {
    const std::lock_guard lock(mutex_);
    return texts_.size();
}

}  // namespace yimen::identity
