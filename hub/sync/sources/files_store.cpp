#include "sync/sources/files_store.h"

#include <fcntl.h>
#include <sys/stat.h>

#include <cerrno>
#include <filesystem>
#include <system_error>

namespace yimen::sync {

core::Result<std::vector<FileEntry>> LocalFolder::list() {
    std::vector<FileEntry> entries;
    std::error_code error;
    std::filesystem::directory_iterator folder(path_, error);
    if (error) return core::fileError("list", path_, error.value());
    for (const std::filesystem::directory_iterator end; folder != end; folder.increment(error)) {
        const std::string name = folder->path().filename().string();
        struct stat info {};
        if (name.starts_with('.') || ::lstat(folder->path().c_str(), &info) != 0 || !S_ISREG(info.st_mode)) continue;
        const std::int64_t micros = std::int64_t{info.st_mtim.tv_sec} * 1'000'000 + info.st_mtim.tv_nsec / 1000;
        entries.push_back({name, static_cast<std::uint64_t>(info.st_size), core::fromUnixMicros(micros)});
    }
    if (error) return core::fileError("list", path_, error.value());
    return entries;
}

core::Result<core::FileDescriptor> LocalFolder::open(const std::string& name) {
    const std::string path = path_ + "/" + name;
    core::FileDescriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
    if (!file.valid()) return core::fileError("open", path, errno);
    return file;
}

bool matchesPattern(std::string_view name, std::string_view pattern) noexcept {
    std::size_t at = 0;
    std::size_t star = std::string_view::npos;
    std::size_t retry = 0;
    std::size_t p = 0;
    while (at < name.size()) {
        if (p < pattern.size() && pattern[p] == '*') {
            star = p++;
            retry = at;
        } else if (p < pattern.size() && (pattern[p] == '?' || pattern[p] == name[at])) {
            ++p;
            ++at;
        } else if (star != std::string_view::npos) {
            p = star + 1;
            at = ++retry;
        } else {
            return false;
        }
    }
    while (p < pattern.size() && pattern[p] == '*') ++p;
    return p == pattern.size();
}

}  // namespace yimen::sync
