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

/// Writes where there is room already: a line is made of twenty pieces, and looking at the room for each costs more
/// than writing it.
class LineWriter {
public:
    explicit LineWriter(char* at) : at_(at) {}
    void text(std::string_view value) {
        std::memcpy(at_, value.data(), value.size());
        at_ += value.size();
    }
    void word(std::string_view name, std::string_view value) {
        text(name);
        text(value.empty() ? std::string_view("-") : value);
    }
    void number(std::string_view name, std::uint64_t value) {
        text(name);
        at_ = std::to_chars(at_, at_ + kMaxDigits, value).ptr;
    }
    char* end() const noexcept { return at_; }

    static constexpr std::size_t kMaxDigits = 20;

private:
    char* at_;
};

/// More than all of a line but what varies in length without a bound.
constexpr std::size_t kMaxFixedPart = 320;

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
    const std::size_t begin = out.size();
    const auto error = record.stats.upstreamError;
    const std::string_view errorText = error == net::UpstreamError::kNone ? std::string_view() : net::toString(error);
    out.resize(begin + kMaxFixedPart + record.client.size() + record.person.size() + record.system.size() +
               record.method.size() + record.path.size() + record.rule.size() + errorText.size());
    LineWriter line(out.data() + begin);
    line.text(secondText(record.at));
    const auto millis = static_cast<std::uint64_t>(core::toUnixMicros(record.at) / 1000 % 1000);
    const char fraction[] = {'.', static_cast<char>('0' + millis / 100), static_cast<char>('0' + millis / 10 % 10),
                             static_cast<char>('0' + millis % 10), 'Z'};
    line.text({fraction, sizeof fraction});
    line.word(" client=", record.client);
    line.word(" person=", record.person);
    line.word(" system=", record.system);
    line.word(" method=", record.method);
    line.word(" path=", record.path);
    line.word(" rule=", record.rule);
    line.number(" status=", static_cast<std::uint64_t>(record.stats.status));
    line.number(" in=", record.stats.bytesIn);
    line.number(" out=", record.stats.bytesOut);
    line.number(" us=", record.stats.totalUs);
    line.number(" upstream_us=", record.stats.upstreamUs);
    if (!errorText.empty()) line.word(" upstream_error=", errorText);
    if (record.stats.clientAborted) line.text(" aborted=1");
    if (record.stats.truncated) line.text(" truncated=1");
    line.text("\n");
    out.resize(static_cast<std::size_t>(line.end() - out.data()));
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
