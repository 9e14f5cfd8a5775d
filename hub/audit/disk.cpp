#include "audit/disk.h"

#include <sys/statvfs.h>
#include <unistd.h>

#include <cerrno>

#include "core/file.h"

namespace yimen::audit {

core::Status Disk::write(int fd, std::string_view bytes) {
    return core::writeAll(fd, bytes);
}

core::Status Disk::sync(int fd) {
    if (::fdatasync(fd) != 0) return core::fileError("cannot sync", "the audit log", errno);
    return {};
}

core::Status Disk::truncate(int fd, std::uint64_t size) {
    if (::ftruncate(fd, static_cast<off_t>(size)) != 0) return core::fileError("cannot cut", "the audit log", errno);
    return {};
}

core::Result<std::uint64_t> Disk::freeBytes(const std::string& directory) {
    struct statvfs info {};
    if (::statvfs(directory.c_str(), &info) != 0) return core::fileError("cannot ask about", directory, errno);
    return std::uint64_t{info.f_bavail} * info.f_frsize;
}

}  // namespace yimen::audit
