#include "net/out_queue.h"

#include <algorithm>
#include <utility>

namespace yimen::net {

void OutQueue::append(std::string_view bytes) {
    if (offset_ > 0 && offset_ * 2 >= bytes_.size()) {
        bytes_.erase(0, offset_);
        offset_ = 0;
    }
    bytes_.append(bytes);
}

void OutQueue::setTail(std::shared_ptr<const std::string> tail, std::size_t offset) {
    tail_ = std::move(tail);
    tailOffset_ = offset;
}

void OutQueue::advance(std::size_t bytes) noexcept {
    const std::size_t first = std::min(bytes, bytes_.size() - offset_);
    offset_ += first;
    tailOffset_ += bytes - first;
    if (offset_ == bytes_.size()) {
        bytes_.clear();
        offset_ = 0;
    }
    if (tail_ && tailSize() == 0) tail_.reset();
}

OutQueue::Flush OutQueue::flush(Transport& io) {
    Flush result{false, false, 0};
    while (!empty()) {
        iovec parts[2];
        std::size_t count = 0;
        if (offset_ < bytes_.size()) parts[count++] = toVector(std::string_view(bytes_).substr(offset_));
        if (tailSize() > 0) parts[count++] = toVector(std::string_view(*tail_).substr(tailOffset_));
        const IoResult io1 = io.write({parts, count});
        if (io1.kind == IoResult::Kind::kError || io1.kind == IoResult::Kind::kEnd) {
            result.failed = true;
            return result;
        }
        if (io1.kind == IoResult::Kind::kAgain) {
            result.blocked = true;
            return result;
        }
        advance(io1.bytes);
        result.bytes += io1.bytes;
    }
    return result;
}

bool writeOrQueue(Transport& io, std::unique_ptr<OutQueue>& queue, std::span<iovec> parts, std::uint64_t& sent) {
    std::size_t skip = 0;
    if (!queue) {
        const IoResult result = io.write(parts);
        if (result.kind == IoResult::Kind::kError || result.kind == IoResult::Kind::kEnd) return false;
        skip = result.bytes;
        sent += skip;
    }
    for (const iovec& part : parts) {
        const std::size_t taken = std::min(skip, part.iov_len);
        skip -= taken;
        if (taken == part.iov_len) continue;
        if (!queue) queue = std::make_unique<OutQueue>();
        queue->append({static_cast<const char*>(part.iov_base) + taken, part.iov_len - taken});
    }
    return true;
}

}  // namespace yimen::net
