#include "sync/formats/isolated.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <ctime>

#include "core/file.h"

namespace yimen::sync {

namespace {

using core::ErrorCode;
using core::makeError;

/// A process that is waited for, whatever happens.
class Child {
public:
    explicit Child(pid_t pid) : pid_(pid) {}
    ~Child() { end(); }
    Child(const Child&) = delete;
    Child& operator=(const Child&) = delete;

    /// Stops it if it still runs. True when it had ended well by itself.
    bool end() {
        if (pid_ <= 0) return false;
        ::kill(pid_, SIGKILL);  // its output is complete or not wanted any more
        int status = 0;
        while (::waitpid(pid_, &status, 0) < 0 && errno == EINTR) {
        }
        pid_ = 0;
        return WIFEXITED(status) && WEXITSTATUS(status) == 0;
    }

private:
    pid_t pid_;
};

[[noreturn]] void runChild(int out, const std::function<std::string()>& work) {
    const rlimit none{0, 0};
    const rlimit seconds{60, 60};
    ::setrlimit(RLIMIT_CORE, &none);
    ::setrlimit(RLIMIT_CPU, &seconds);
    // The last byte says that it is complete.
    const bool written = core::writeAll(out, work() + '.').ok();
    ::_exit(written ? 0 : 1);
}

std::chrono::milliseconds monotonic() {
    timespec now{};
    ::clock_gettime(CLOCK_MONOTONIC, &now);
    return std::chrono::milliseconds(now.tv_sec * 1000 + now.tv_nsec / 1'000'000);
}

core::Result<std::string> readOutput(int in, const IsolationLimits& limits) {
    const auto end = monotonic() + limits.time;
    std::string all;
    std::array<char, 65536> piece{};
    while (true) {
        const auto left = end - monotonic();
        pollfd wait{in, POLLIN, 0};
        const int ready = left.count() > 0 ? ::poll(&wait, 1, static_cast<int>(left.count())) : 0;
        if (ready < 0 && errno == EINTR) continue;
        if (ready == 0) return makeError(ErrorCode::kTimeout, "the reader of the document did not end in time");
        const ssize_t count = ::read(in, piece.data(), piece.size());
        if (count < 0 && errno == EINTR) continue;
        if (count <= 0) return all;
        all.append(piece.data(), static_cast<std::size_t>(count));
        if (all.size() > limits.maxOutput)
            return makeError(ErrorCode::kTooLarge, "the document is larger than max_document");
    }
}

}  // namespace

core::Result<std::string> runIsolated(const std::function<std::string()>& work, const IsolationLimits& limits) {
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) return core::fileError("create", "pipe", errno);
    core::FileDescriptor in(ends[0]);
    core::FileDescriptor out(ends[1]);
    const pid_t pid = ::fork();
    if (pid < 0) return makeError(ErrorCode::kUnavailable, "no process for reading the document");
    if (pid == 0) runChild(out.get(), work);
    Child child(pid);
    out.reset();
    YIMEN_TRY(std::string text, readOutput(in.get(), limits));
    child.end();
    if (text.empty() || text.back() != '.') {
        return makeError(ErrorCode::kUpstream, "the document brought its reader down: it is damaged or hostile");
    }
    text.pop_back();
    return text;
}

}  // namespace yimen::sync
