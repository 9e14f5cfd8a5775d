#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include "core/result.h"

namespace yimen::core {

/// An open file descriptor, closed when it dies. Not thread-safe, like any value.
class FileDescriptor {
public:
    FileDescriptor() = default;
    explicit FileDescriptor(int fd) noexcept : fd_(fd) {}
    FileDescriptor(FileDescriptor&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
    FileDescriptor& operator=(FileDescriptor&& other) noexcept;
    FileDescriptor(const FileDescriptor&) = delete;
    FileDescriptor& operator=(const FileDescriptor&) = delete;
    ~FileDescriptor() { reset(); }

    int get() const noexcept { return fd_; }
    bool valid() const noexcept { return fd_ >= 0; }
    void reset() noexcept;

private:
    int fd_ = -1;
};

/// The file functions block: start-up, command line and worker threads only. Errors name the path in `detail` and what
/// the system said; the message names the last part of the path only.

/// The whole of a regular file. kNotFound, kTooLarge above `maxBytes`, kUnavailable for the rest.
Result<std::string> readFile(const std::string& path, std::size_t maxBytes);
/// All bytes or an error; goes on after short writes and signals.
Status writeAll(int fd, std::string_view bytes);
/// New file beside it with `mode`, fsync, rename, fsync of the directory: after a crash the old or the new content.
Status replaceFile(const std::string& path, std::string_view bytes, unsigned mode);
/// Makes the names in a directory durable (after create, rename, remove).
Status syncDirectory(const std::string& directory);
/// "a/b" for "a/b/c", "." for "c".
std::string parentDirectory(const std::string& path);
/// An Error from errno with the code that fits; call right after the failed system call.
Error fileError(std::string_view action, const std::string& path, int errorNumber);

}  // namespace yimen::core
