#include <dlfcn.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <bit>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <string_view>

#include "core/file.h"
#include "plugin/library_file.h"
#include "plugin/seam.h"

namespace yimen::plugin {

namespace {

constexpr unsigned kProbeSeconds = 10;

/// The child's answer: "ok", or why not.
void answer(int pipe, std::string_view text) {
    (void)core::writeAll(pipe, text.substr(0, 512));
}

void tryLibrary(int pipe, const char* path) {
    void* library = ::dlopen(path, RTLD_NOW | RTLD_LOCAL);
    if (library == nullptr) {
        const char* why = ::dlerror();  // NOLINT(concurrency-mt-unsafe): a process of one thread
        return answer(pipe, why == nullptr ? "cannot be opened" : why);
    }
    void* symbol = ::dlsym(library, YIMEN_PLUGIN_SYMBOL);
    if (symbol == nullptr) return answer(pipe, "does not export " YIMEN_PLUGIN_SYMBOL);
    const YimenPlugin* plugin = nullptr;
    const auto called = callPlugin("", YIMEN_PLUGIN_SYMBOL, [&](YimenError*) {
        plugin = std::bit_cast<YimenPluginEntry>(symbol)();
        return YIMEN_OK;
    });
    if (!called.ok()) return answer(pipe, called.error().message);
    answer(pipe, plugin == nullptr ? YIMEN_PLUGIN_SYMBOL " gave nothing" : "ok");
}

[[noreturn]] void child(int pipe, const char* path) {
    const struct rlimit none {};
    (void)::setrlimit(RLIMIT_CORE, &none);
    (void)::signal(SIGABRT, SIG_DFL);
    (void)::signal(SIGALRM, SIG_DFL);
    (void)::alarm(kProbeSeconds);
    const int nowhere = ::open("/dev/null", O_RDWR | O_CLOEXEC);
    if (nowhere >= 0) {
        (void)::dup2(nowhere, STDOUT_FILENO);
        (void)::dup2(nowhere, STDERR_FILENO);
    }
    tryLibrary(pipe, path);
    ::_exit(0);
}

std::string readAnswer(int pipe) {
    std::string text;
    std::array<char, 512> block{};
    for (;;) {
        const ssize_t got = ::read(pipe, block.data(), block.size());
        if (got < 0 && errno == EINTR) continue;
        if (got <= 0) return text;
        text.append(block.data(), static_cast<std::size_t>(got));
    }
}

core::Error fell(const std::string& path, int status) {
    std::string how = "exit code " + std::to_string(WEXITSTATUS(status));
    if (WIFSIGNALED(status)) {
        how = WTERMSIG(status) == SIGALRM ? "no answer within " + std::to_string(kProbeSeconds) + " s"
                                          : "signal " + std::to_string(WTERMSIG(status));
    }
    return core::makeError(core::ErrorCode::kDenied, "加载时进程终止 / ends the process that loads it (" + how + ")",
                           path);
}

}  // namespace

core::Status probeLibrary(const std::string& path) {
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) return core::fileError("pipe", path, errno);
    const core::FileDescriptor reading(ends[0]);
    core::FileDescriptor writing(ends[1]);
    const pid_t pid = ::fork();
    if (pid < 0) return core::fileError("fork", path, errno);
    if (pid == 0) child(writing.get(), path.c_str());
    writing.reset();
    const std::string text = readAnswer(reading.get());
    int status = 0;
    while (::waitpid(pid, &status, 0) < 0 && errno == EINTR) {
    }
    if (!WIFEXITED(status) || WEXITSTATUS(status) != 0 || text.empty()) return fell(path, status);
    if (text == "ok") return {};
    return core::makeError(core::ErrorCode::kDenied, text, path);
}

}  // namespace yimen::plugin
