#include "plugin/library_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>

#include "core/bytes.h"
#include "core/file.h"
#include "crypto/digest.h"

namespace yimen::plugin {

namespace {

using core::ErrorCode;

core::Error refused(const std::string& path, const std::string& why) {
    return core::makeError(ErrorCode::kDenied, why, path);
}

core::Status checkOwner(const struct stat& found, const std::string& path) {
    if (found.st_uid != 0 && found.st_uid != ::geteuid()) {
        return refused(path, "属主不是 root 或本用户 / belongs to another user: chown it to root");
    }
    if ((found.st_mode & (S_IWGRP | S_IWOTH)) != 0) {
        return refused(path, "组或其他用户可写 / writable by group or others: chmod go-w");
    }
    return {};
}

}  // namespace

core::Status checkPluginFolder(const std::string& folder) {
    if (folder.empty() || folder.front() != '/')
        return refused(folder, "插件目录须为绝对路径 / plugins.dir must be absolute");
    struct stat found {};
    if (::stat(folder.c_str(), &found) != 0) return core::fileError("stat", folder, errno);
    if (!S_ISDIR(found.st_mode)) return refused(folder, "插件目录不是目录 / plugins.dir is not a directory");
    return checkOwner(found, folder);
}

core::Result<std::string> checkLibraryFile(const std::string& path) {
    const core::FileDescriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK));
    if (!file.valid()) {
        if (errno == ELOOP) return refused(path, "不接受符号链接 / a symbolic link is not accepted");
        return core::fileError("open", path, errno);
    }
    struct stat found {};
    if (::fstat(file.get(), &found) != 0) return core::fileError("stat", path, errno);
    if (!S_ISREG(found.st_mode)) return refused(path, "不是普通文件 / not a regular file");
    if (static_cast<std::size_t>(found.st_size) > kMaxLibraryBytes) {
        return core::makeError(ErrorCode::kTooLarge, "文件超过 64 MiB / larger than 64 MiB", path);
    }
    YIMEN_TRY_STATUS(checkOwner(found, path));
    YIMEN_TRY(const std::string bytes, core::readFile(path, kMaxLibraryBytes));
    return core::toHex(crypto::digest(crypto::DigestAlgorithm::kSha256, core::asBytes(bytes)));
}

}  // namespace yimen::plugin
