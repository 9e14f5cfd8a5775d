#include "gateway/access_log.h"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <system_error>

#include "core/log.h"
#include "core/time_format.h"

namespace yimen::gateway {

namespace {

void appendNumber(std::string& out, std::uint64_t value) {
    std::array<char, 20> digits{};
    auto* const end = std::to_chars(digits.data(), digits.data() + digits.size(), value).ptr;
    out.append(digits.data(), end);
}

void appendWord(std::string& out, std::string_view name, std::string_view value) {
    out += name;
    if (value.empty()) {
        out += '-';
    } else {
        out += value;
    }
}

int openFile(const std::string& path) {
    return ::open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0640);
}

/// Formatting a time takes longer than the rest of the line; requests of one second share the text.
std::string_view secondText(core::WallTime at) {
    thread_local std::int64_t second = -1;
    thread_local std::string text;
    const auto now = core::toUnixSeconds(at);
    if (now != second) {
        text = core::formatUtc(at).substr(0, 19);
        second = now;
    }
    return text;
}

}  // namespace

void appendLine(std::string& out, const AccessRecord& record) {
    out += secondText(record.at);
    out += '.';
    const auto millis = static_cast<std::uint64_t>(core::toUnixMicros(record.at) / 1000 % 1000);
    out += static_cast<char>('0' + millis / 100);
    out += static_cast<char>('0' + millis / 10 % 10);
    out += static_cast<char>('0' + millis % 10);
    out += 'Z';
    appendWord(out, " client=", record.client);
    appendWord(out, " person=", record.person);
    appendWord(out, " system=", record.system);
    appendWord(out, " method=", record.method);
    appendWord(out, " path=", record.path);
    appendWord(out, " rule=", record.rule);
    out += " status=";
    appendNumber(out, static_cast<std::uint64_t>(record.stats.status));
    out += " in=";
    appendNumber(out, record.stats.bytesIn);
    out += " out=";
    appendNumber(out, record.stats.bytesOut);
    out += " us=";
    appendNumber(out, record.stats.totalUs);
    out += " upstream_us=";
    appendNumber(out, record.stats.upstreamUs);
    if (record.stats.upstreamError != net::UpstreamError::kNone) {
        appendWord(out, " upstream_error=", net::toString(record.stats.upstreamError));
    }
    if (record.stats.clientAborted) out += " aborted=1";
    if (record.stats.truncated) out += " truncated=1";
    out += '\n';
}

core::Result<std::unique_ptr<AccessLog>> AccessLog::open(const std::string& path, std::size_t maxPending) {
    int file = -1;
    if (!path.empty()) {
        file = openFile(path);
        if (file < 0) {
            const int error = errno;
            return core::makeError(core::ErrorCode::kUnavailable, "the access log '" + path + "' cannot be opened: " +
                                                                      std::system_category().message(error));
        }
    }
    return std::unique_ptr<AccessLog>(new AccessLog(path, file, maxPending));
}

AccessLog::AccessLog(std::string path, int file, std::size_t maxPending)
    : path_(std::move(path)), maxPending_(maxPending), file_(file), thread_([this] { run(); }) {}

AccessLog::~AccessLog() {
    {
        const std::lock_guard<std::mutex> lock(mutex_);
        stopping_ = true;
    }
    wake_.notify_one();
    thread_.join();
    if (file_ >= 0) ::close(file_);
}

void AccessLog::submit(std::string& lines) {
    if (lines.empty()) return;
    if (path_.empty()) {
        lines.clear();
        return;
    }
    {
        const std::lock_guard<std::mutex> lock(mutex_);
        if (pending_ + lines.size() > maxPending_) {
            dropped_ += lines.size();
            lines.clear();
            return;
        }
        pending_ += lines.size();
        blocks_.push_back(std::move(lines));
    }
    lines.clear();
    wake_.notify_one();
}

void AccessLog::run() {
    std::vector<std::string> taken;
    for (;;) {
        {
            std::unique_lock<std::mutex> lock(mutex_);
            wake_.wait(lock, [this] { return stopping_ || !blocks_.empty(); });
            if (blocks_.empty()) return;
            taken.swap(blocks_);
            pending_ = 0;
        }
        for (const auto& block : taken) write(block);
        taken.clear();
    }
}

void AccessLog::write(const std::string& block) {
    if (reopen_.exchange(false)) {
        const int fresh = openFile(path_);
        if (fresh >= 0) {
            ::close(file_);
            file_ = fresh;
        } else {
            core::logError("access_log.reopen_failed", {{"path", path_}});
        }
    }
    std::size_t done = 0;
    while (done < block.size()) {
        const auto wrote = ::write(file_, block.data() + done, block.size() - done);
        if (wrote < 0 && errno == EINTR) continue;
        if (wrote <= 0) {
            dropped_ += block.size() - done;
            core::logError("access_log.write_failed", {{"errno", errno}});
            return;
        }
        done += static_cast<std::size_t>(wrote);
    }
}

}  // namespace yimen::gateway
