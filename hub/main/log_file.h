#pragma once

#include <atomic>
#include <memory>
#include <mutex>
#include <string>

#include "core/file.h"
#include "core/log.h"
#include "core/result.h"

namespace yimen::main {

/// The log in a file. Thread-safe; writes in the calling thread, lines are rare.
class LogFile final : public core::LogSink {
public:
    static core::Result<std::unique_ptr<LogFile>> open(const std::string& path);
    void write(std::string_view line) override;
    /// The next line goes to a newly opened file of the same name (log rotation).
    void reopen() noexcept { reopen_ = true; }

private:
    LogFile(std::string path, core::FileDescriptor file) : path_(std::move(path)), file_(std::move(file)) {}

    std::string path_;
    std::mutex mutex_;
    core::FileDescriptor file_;
    std::atomic<bool> reopen_{false};
};

}  // namespace yimen::main
