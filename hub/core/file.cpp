#include "core/file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <system_error>

namespace yimen::core {

namespace {

std::string lastPart(const std::string& path) {
    return path.substr(path.rfind('/') + 1);
}

ErrorCode codeOf(int errorNumber) {
    return errorNumber == ENOENT || errorNumber == ENOTDIR ? ErrorCode::kNotFound : ErrorCode::kUnavailable;
}

Status writeAndSync(const std::string& path, std::string_view bytes, unsigned mode) {
    const FileDescriptor file(::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, mode));
    if (!file.valid()) return fileError("cannot create", path, errno);
    if (::fchmod(file.get(), mode) != 0) return fileError("cannot set the mode of", path, errno);
    YIMEN_TRY_STATUS(writeAll(file.get(), bytes));
    if (::fsync(file.get()) != 0) return fileError("cannot sync", path, errno);
    return {};
}

}  // namespace

FileDescriptor& FileDescriptor::operator=(FileDescriptor&& other) noexcept {
    if (this != &other) {
        reset();
        fd_ = std::exchange(other.fd_, -1);
    }
    return *this;
}

void FileDescriptor::reset() noexcept {
    if (fd_ >= 0) ::close(fd_);
    fd_ = -1;
}

Error fileError(std::string_view action, const std::string& path, int errorNumber) {
    const std::string reason = std::generic_category().message(errorNumber);
    return makeError(codeOf(errorNumber), std::string(action) + " " + lastPart(path) + ": " + reason, path);
}

std::string parentDirectory(const std::string& path) {
    const auto slash = path.rfind('/');
    if (slash == std::string::npos) return ".";
    return slash == 0 ? "/" : path.substr(0, slash);
}

Result<std::string> readFile(const std::string& path, std::size_t maxBytes) {
    const FileDescriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
    if (!file.valid()) return fileError("cannot open", path, errno);
    struct stat info {};
    if (::fstat(file.get(), &info) != 0) return fileError("cannot read", path, errno);
    if (!S_ISREG(info.st_mode)) {
        return makeError(ErrorCode::kUnavailable, lastPart(path) + " is not a regular file", path);
    }
    std::string text;
    std::array<char, 16384> buffer{};
    for (;;) {
        const auto got = ::read(file.get(), buffer.data(), buffer.size());
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) return fileError("cannot read", path, errno);
        if (got == 0) return text;
        if (text.size() + static_cast<std::size_t>(got) > maxBytes) {
            return makeError(ErrorCode::kTooLarge,
                             lastPart(path) + " is larger than " + std::to_string(maxBytes) + " bytes", path);
        }
        text.append(buffer.data(), static_cast<std::size_t>(got));
    }
}

Status writeAll(int fd, std::string_view bytes) {
    while (!bytes.empty()) {
        const auto done = ::write(fd, bytes.data(), bytes.size());
        if (done < 0 && errno == EINTR) continue;
        if (done < 0) return fileError("cannot write", "the file", errno);
        bytes.remove_prefix(static_cast<std::size_t>(done));
    }
    return {};
}

Status syncDirectory(const std::string& directory) {
    const FileDescriptor folder(::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!folder.valid()) return fileError("cannot open", directory, errno);
    if (::fsync(folder.get()) != 0) return fileError("cannot sync", directory, errno);
    return {};
}

Status replaceFile(const std::string& path, std::string_view bytes, unsigned mode) {
    const std::string next = path + ".new";
    if (auto written = writeAndSync(next, bytes, mode); !written.ok()) {
        ::unlink(next.c_str());
        return written;
    }
    if (::rename(next.c_str(), path.c_str()) != 0) return fileError("cannot replace", path, errno);
    return syncDirectory(parentDirectory(path));
}

}  // namespace yimen::core
