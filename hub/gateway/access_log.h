#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "core/clock.h"
#include "core/result.h"
#include "net/dispatcher.h"

namespace yimen::gateway {

/// One line per request to a system. Holds no query, cookie or field: those may carry tickets.
struct AccessRecord {
    core::WallTime at;
    std::string_view client;
    std::string_view person;  ///< account name, empty for a public path
    std::string_view system;
    std::string_view method;
    std::string_view path;
    std::string_view rule;  ///< the policy rule that decided
    net::ExchangeStats stats;
};

/// Appends `record` to `out` as "name=value" words and a line end. No allocation beyond the growth of `out`.
void appendLine(std::string& out, const AccessRecord& record);

/// Writes whole blocks of lines from the loops to a file, on a thread of its own, so that a slow disk never holds up a
/// request: when more than `maxPending` bytes wait, blocks are dropped and counted. Reopens on request (log rotation).
class AccessLog {
public:
    static constexpr std::size_t kMaxPending = 16 * 1024 * 1024;

    /// An empty path writes nowhere. The error names the file.
    static core::Result<std::unique_ptr<AccessLog>> open(const std::string& path, std::size_t maxPending = kMaxPending);
    ~AccessLog();
    AccessLog(const AccessLog&) = delete;
    AccessLog& operator=(const AccessLog&) = delete;

    /// Takes the text and leaves an empty string. Any thread, does not block.
    void submit(std::string& lines);
    /// The next block goes to a newly opened file of the same name. Any thread.
    void reopen() noexcept { reopen_ = true; }
    std::uint64_t droppedBytes() const noexcept { return dropped_; }

private:
    AccessLog(std::string path, int file, std::size_t maxPending);
    void run();
    void write(const std::string& block);

    const std::string path_;
    const std::size_t maxPending_;
    int file_;
    std::atomic<bool> reopen_{false};
    std::atomic<std::uint64_t> dropped_{0};
    std::mutex mutex_;
    std::condition_variable wake_;
    std::vector<std::string> blocks_;
    std::size_t pending_ = 0;
    bool stopping_ = false;
    std::thread thread_;
};

}  // namespace yimen::gateway
