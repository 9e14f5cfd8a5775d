#include "net/inbox.h"

#include <cstring>

namespace yimen::net {

void Inbox::stash() {
    if (size_ == 0) {
        clear();
    } else if (data_ >= saved_.data() && data_ < saved_.data() + saved_.size()) {
        saved_.erase(0, static_cast<std::size_t>(data_ - saved_.data()));
    } else {
        saved_.assign(data_, size_);
    }
    data_ = nullptr;
}

IoResult Inbox::fill(Transport& io, char* scratch, std::size_t capacity) {
    if (size_ > 0 && data_ != scratch) std::memmove(scratch, data_, size_);
    data_ = scratch;
    const IoResult result = io.read(scratch + size_, capacity - size_);
    size_ += result.bytes;
    return result;
}

void Inbox::clear() noexcept {
    if (saved_.capacity() > std::string().capacity()) {
        std::string().swap(saved_);
    } else {
        saved_.clear();
    }
    data_ = nullptr;
    size_ = 0;
}

}  // namespace yimen::net
