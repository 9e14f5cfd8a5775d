#include "net/transport.h"

#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

namespace yimen::net {

void FileDescriptor::reset() noexcept {
    if (fd_ >= 0) ::close(std::exchange(fd_, -1));
}

IoResult Transport::readPlain(char* out, std::size_t size) noexcept {
    const ssize_t got = ::recv(fd_.get(), out, size, 0);
    if (got > 0) {
        const auto bytes = static_cast<std::size_t>(got);
        return {IoResult::Kind::kBytes, bytes < size, bytes};
    }
    if (got == 0) return {IoResult::Kind::kEnd, true, 0};
    if (errno == EAGAIN) return {IoResult::Kind::kAgain, true, 0};
    return {IoResult::Kind::kError, true, 0};
}

IoResult Transport::writePlain(std::span<const iovec> parts) noexcept {
    // Copying a few KiB costs less than what sendmsg does more than send.
    constexpr std::size_t kCopied = 4096;
    ssize_t sent = 0;
    std::size_t total = 0;
    for (const iovec& part : parts) total += part.iov_len;
    if (parts.size() == 1) {
        sent = ::send(fd_.get(), parts[0].iov_base, parts[0].iov_len, MSG_NOSIGNAL);
    } else if (total <= kCopied) {
        char whole[kCopied];
        char* end = whole;
        for (const iovec& part : parts) {
            const char* const from = static_cast<const char*>(part.iov_base);
            end = std::copy(from, from + part.iov_len, end);
        }
        sent = ::send(fd_.get(), whole, total, MSG_NOSIGNAL);
    } else {
        msghdr message{};
        message.msg_iov = const_cast<iovec*>(parts.data());  // sendmsg reads it only
        message.msg_iovlen = parts.size();
        sent = ::sendmsg(fd_.get(), &message, MSG_NOSIGNAL);
    }
    if (sent >= 0) return {IoResult::Kind::kBytes, false, static_cast<std::size_t>(sent)};
    if (errno == EAGAIN) return {IoResult::Kind::kAgain, true, 0};
    return {IoResult::Kind::kError, true, 0};
}

void Transport::finishWriting() noexcept {
    if (!fd_.open()) return;
    if (tls_) tls_->close();
    ::shutdown(fd_.get(), SHUT_WR);
}

void Transport::close() noexcept {
    if (tls_ && fd_.open()) tls_->close();
    tls_.reset();
    fd_.reset();
}

void Transport::abort() noexcept {
    if (fd_.open()) {
        const linger hard{1, 0};
        ::setsockopt(fd_.get(), SOL_SOCKET, SO_LINGER, &hard, sizeof hard);
    }
    tls_.reset();
    fd_.reset();
}

}  // namespace yimen::net
