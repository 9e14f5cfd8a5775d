#pragma once

#include <sys/uio.h>

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "net/transport.h"

namespace yimen::net {

inline iovec toVector(std::string_view bytes) noexcept {
    return {const_cast<char*>(bytes.data()), bytes.size()};  // writers only read it
}

/// Bytes that the socket would not take yet: copied pieces, then at most one shared body. Internal to net.
class OutQueue {
public:
    bool empty() const noexcept { return offset_ == bytes_.size() && tailSize() == 0; }
    std::size_t size() const noexcept { return bytes_.size() - offset_ + tailSize(); }

    void append(std::string_view bytes);
    /// Sent after all bytes appended so far; nothing may be appended behind it.
    void setTail(std::shared_ptr<const std::string> tail, std::size_t offset);

    struct Flush {
        bool failed;
        bool blocked;
        std::size_t bytes;
    };
    /// Writes until empty or blocked.
    Flush flush(Transport& io);

private:
    std::size_t tailSize() const noexcept { return tail_ ? tail_->size() - tailOffset_ : 0; }
    void advance(std::size_t bytes) noexcept;

    std::string bytes_;
    std::size_t offset_ = 0;
    std::shared_ptr<const std::string> tail_;
    std::size_t tailOffset_ = 0;
};

/// Writes `parts` to `io` and queues what it does not take; queues everything when something waits already.
/// Returns false when the connection is broken. `sent` grows by the bytes handed over now.
bool writeOrQueue(Transport& io, std::unique_ptr<OutQueue>& queue, std::span<iovec> parts, std::uint64_t& sent);

}  // namespace yimen::net
