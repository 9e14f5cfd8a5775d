#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "net/transport.h"

namespace yimen::net {

/// Bytes read from a stream and not used up yet. During a handler's call they lie in the loop's scratch memory; what
/// is left at its end is kept, so that an idle connection holds nothing. Internal to net.
class Inbox {
public:
    /// First thing in a handler's call.
    void open() noexcept {
        data_ = saved_.data();
        size_ = saved_.size();
    }
    /// Last thing: `data()` is invalid until the next open().
    void stash();

    char* data() noexcept { return data_; }
    std::size_t size() const noexcept { return size_; }
    std::string_view view() const noexcept { return {data_, size_}; }
    void consume(std::size_t bytes) noexcept {
        data_ += bytes;
        size_ -= bytes;
    }
    /// Reads more behind what is there, into `scratch`. Must not be called when `capacity` bytes are there already.
    IoResult fill(Transport& io, char* scratch, std::size_t capacity);
    void clear() noexcept;
    /// Outside a call: something was left.
    bool saved() const noexcept { return !saved_.empty(); }

private:
    std::string saved_;
    char* data_ = nullptr;
    std::size_t size_ = 0;
};

}  // namespace yimen::net
