#include "main/log_file.h"

#include <fcntl.h>

#include <cerrno>

namespace yimen::main {

namespace {

core::FileDescriptor openForAppend(const std::string& path) {
    return core::FileDescriptor(::open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0640));
}

}  // namespace

core::Result<std::unique_ptr<LogFile>> LogFile::open(const std::string& path) {
    auto file = openForAppend(path);
    if (!file.valid()) return core::fileError("open the log", path, errno);
    return std::unique_ptr<LogFile>(new LogFile(path, std::move(file)));
}

void LogFile::write(std::string_view line) {
    const std::lock_guard<std::mutex> lock(mutex_);
    if (reopen_.exchange(false)) {
        auto fresh = openForAppend(path_);
        if (fresh.valid()) file_ = std::move(fresh);
    }
    std::string whole(line);
    whole += '\n';
    // A full disk must not stop the hub; the audit log is the one that must.
    static_cast<void>(core::writeAll(file_.get(), whole));
}

}  // namespace yimen::main
