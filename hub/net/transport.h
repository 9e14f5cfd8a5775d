#pragma once

#include <sys/uio.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>
#include <utility>

namespace yimen::net {

/// A descriptor with one owner. Internal to net.
class FileDescriptor {
public:
    FileDescriptor() = default;
    explicit FileDescriptor(int fd) noexcept : fd_(fd) {}
    FileDescriptor(FileDescriptor&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
    FileDescriptor& operator=(FileDescriptor&& other) noexcept {
        if (this != &other) {
            reset();
            fd_ = std::exchange(other.fd_, -1);
        }
        return *this;
    }
    ~FileDescriptor() { reset(); }
    int get() const noexcept { return fd_; }
    bool open() const noexcept { return fd_ >= 0; }
    void reset() noexcept;

private:
    int fd_ = -1;
};

/// Outcome of one read or write.
struct IoResult {
    enum class Kind : std::uint8_t { kBytes, kAgain, kEnd, kError };
    Kind kind = Kind::kError;
    /// Read: the kernel had no more just now, so an edge-triggered caller may wait for the next event.
    bool drained = false;
    std::size_t bytes = 0;
};

/// Encryption on top of a descriptor; the implementation lives in tls/.
class TlsLayer {
public:
    virtual ~TlsLayer() = default;
    /// kBytes: established; kAgain: wait for the next event.
    virtual IoResult handshake() = 0;
    virtual IoResult read(char* out, std::size_t size) = 0;
    virtual IoResult write(std::span<const iovec> parts) = 0;
    /// Sends close_notify, without waiting for the other side's.
    virtual void close() noexcept = 0;
    /// Server side: the name the client asked for (SNI), empty without.
    virtual std::string_view serverName() const noexcept = 0;
    virtual bool resumed() const noexcept = 0;
};

/// A non-blocking stream, plain or TLS. Internal to net; loop thread only.
class Transport {
public:
    explicit Transport(FileDescriptor fd) noexcept : fd_(std::move(fd)) {}

    int fd() const noexcept { return fd_.get(); }
    bool open() const noexcept { return fd_.open(); }
    void secure(std::unique_ptr<TlsLayer> layer) noexcept { tls_ = std::move(layer); }
    TlsLayer* tls() const noexcept { return tls_.get(); }

    IoResult read(char* out, std::size_t size) { return tls_ ? tls_->read(out, size) : readPlain(out, size); }
    IoResult write(std::span<const iovec> parts) { return tls_ ? tls_->write(parts) : writePlain(parts); }
    /// No more from us: close_notify and FIN.
    void finishWriting() noexcept;
    void close() noexcept;
    /// Closes with RST, so that the other side cannot take what it has for complete.
    void abort() noexcept;

private:
    IoResult readPlain(char* out, std::size_t size) noexcept;
    IoResult writePlain(std::span<const iovec> parts) noexcept;

    FileDescriptor fd_;
    std::unique_ptr<TlsLayer> tls_;
};

}  // namespace yimen::net
