#include <csignal>
#include <cstdio>

#include "core/log.h"
#include "main/commands.h"
#include "main/hub_server.h"
#include "main/log_file.h"

namespace yimen::main {

namespace {

constexpr const char* kUsage = "serve [--config FILE]";

/// Every thread started after this inherits the mask, so that only the waiting thread below sees these signals.
sigset_t blockSignals() {
    sigset_t set;
    sigemptyset(&set);
    for (const int signal : {SIGTERM, SIGINT, SIGQUIT, SIGHUP, SIGUSR1}) sigaddset(&set, signal);
    pthread_sigmask(SIG_BLOCK, &set, nullptr);
    std::signal(SIGPIPE, SIG_IGN);
    return set;
}

core::LogLevel levelOf(config::LogThreshold threshold) {
    switch (threshold) {
        case config::LogThreshold::kDebug:
            return core::LogLevel::kDebug;
        case config::LogThreshold::kInfo:
            return core::LogLevel::kInfo;
        case config::LogThreshold::kWarn:
            return core::LogLevel::kWarn;
        case config::LogThreshold::kError:
            return core::LogLevel::kError;
    }
    return core::LogLevel::kInfo;
}

void reload(HubServer& server) {
    std::vector<std::string> faults;
    const auto done = server.reload(faults);
    for (const auto& fault : faults) core::logError("config.fault", {{"fault", fault}});
    if (!done.ok()) core::logError("config.reload_refused", {{"error", done.error().message}});
}

void waitForEnd(const sigset_t& signals, HubServer& server, LogFile* log) {
    for (;;) {
        int signal = 0;
        if (sigwait(&signals, &signal) != 0) continue;
        if (signal == SIGHUP) {
            reload(server);
        } else if (signal == SIGUSR1) {
            server.reopenLogs();
            if (log != nullptr) log->reopen();
        } else {
            core::logInfo("hub.stopping", {{"signal", signal}});
            return;
        }
    }
}

}  // namespace

int runServe(const std::vector<std::string>& words) {
    const auto arguments = Arguments::parse(words, {"config"}, {});
    if (!arguments.ok()) return misused(arguments.error(), kUsage);
    const auto signals = blockSignals();
    auto foundation = Foundation::open(arguments->option("config", kDefaultConfig));
    if (!foundation.ok()) return failed(foundation.error());
    const auto& logConfig = (*foundation)->config->log;
    core::setLogLevel(levelOf(logConfig.level));
    std::unique_ptr<LogFile> log;
    if (!logConfig.file.empty()) {
        auto opened = LogFile::open(logConfig.file);
        if (!opened.ok()) return failed(opened.error());
        log = std::move(*opened);
        core::setLogSink(log.get());
    }
    {
        HubServer server(std::move(*foundation));
        if (const auto started = server.start(); !started.ok()) {
            core::setLogSink(nullptr);
            return failed(started.error());
        }
        std::printf("yimen: %s\n", server.url().origin().c_str());
        std::fflush(stdout);
        waitForEnd(signals, server, log.get());
        server.stop();
    }
    core::setLogSink(nullptr);
    return 0;
}

}  // namespace yimen::main
