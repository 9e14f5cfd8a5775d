#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "http/router.h"
#include "sync/runner/pipeline.h"
#include "web/routes.h"

namespace yimen::admin {

/// What runs now, for pages that stay open: GET /api/v1/sync/events of openapi.yaml. Each answer is complete, so a slow
/// reader holds no queue; whoever has seen the newest state waits for the next. Thread-safe; one thread of its own,
/// asleep while nobody reads.
class SyncEvents {
public:
    struct Limits {
        std::size_t readers = 64;                 ///< above it: 503 with Retry-After
        std::chrono::milliseconds step{500};      ///< how often the state is looked at: the most an item is told
        unsigned stepsToAnswer = 40;              ///< an answer without news after so many steps
        std::chrono::milliseconds comeBack{500};  ///< what a browser waits before its next request
    };

    /// Items that run on this node now; asked by the thread of the events.
    using Running = std::function<std::vector<std::pair<std::string, std::shared_ptr<sync::Progress>>>()>;

    SyncEvents(Running running, Limits limits);
    explicit SyncEvents(Running running) : SyncEvents(std::move(running), Limits{}) {}
    ~SyncEvents();
    SyncEvents(const SyncEvents&) = delete;
    SyncEvents& operator=(const SyncEvents&) = delete;

    /// Answers `waiting` as soon as there is something newer than `lastId` (empty: at once).
    void wait(const http::Request& request, const http::Waiting& waiting, std::string lastId);
    /// Sends everybody away; later ones too. What `running` stands on may go then.
    void stop();
    std::size_t readers() const;

private:
    struct Reader {
        http::Waiting waiting;
        std::string lastId;
        unsigned steps = 0;
    };
    void run();
    /// Takes those out who get an answer now.
    std::vector<std::pair<http::Waiting, http::Response>> due();
    http::Response answer(bool news) const;

    const Running running_;
    const Limits limits_;
    mutable std::mutex mutex_;
    std::condition_variable wake_;
    std::vector<Reader> readers_;
    std::string state_;  ///< JSON of SyncProgress
    std::uint64_t version_ = 0;
    bool fresh_ = false;  ///< somebody came who has seen nothing
    bool stopping_ = false;
    std::thread thread_;
};

/// Adds the route. The arguments must outlive the router; stop() the events before what they ask goes.
core::Status mountSyncEvents(http::Router& router, const web::WebContext& context, SyncEvents& events);

}  // namespace yimen::admin
