#include "admin/sync_events.h"

#include <algorithm>

namespace yimen::admin {

using core::Json;
using http::Request;
using http::Response;
using http::Waiting;
using identity::Role;

namespace {

constexpr std::string_view kBusyRetryAfter = "10";

std::string stateOf(const SyncEvents::Running& ask) {
    auto running = ask();
    std::sort(running.begin(), running.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
    Json list = Json::array();
    for (const auto& [name, progress] : running) {
        const std::string item = name.substr(0, name.find(':'));
        list.push_back({{"item", item},
                        {"kind", name == item ? "sync" : "backfill"},
                        {"read", progress->read.load()},
                        {"written", progress->written.load()},
                        {"rejected", progress->rejected.load()}});
    }
    return Json{{"running", std::move(list)}}.dump();
}

}  // namespace

SyncEvents::SyncEvents(Running running, Limits limits) : running_(std::move(running)), limits_(limits) {
    thread_ = std::thread([this] { run(); });
}

SyncEvents::~SyncEvents() {
    stop();
}

void SyncEvents::stop() {
    std::vector<Reader> away;
    {
        const std::lock_guard<std::mutex> lock(mutex_);
        stopping_ = true;
        away.swap(readers_);
    }
    wake_.notify_all();
    if (thread_.joinable()) thread_.join();
    for (const Reader& reader : away) reader.waiting.answer(answer(false));
}

std::size_t SyncEvents::readers() const {
    const std::lock_guard<std::mutex> lock(mutex_);
    return readers_.size();
}

void SyncEvents::wait(const Request& request, const Waiting& waiting, std::string lastId) {
    bool taken = false;
    {
        const std::lock_guard<std::mutex> lock(mutex_);
        if (!stopping_ && readers_.size() < limits_.readers) {
            readers_.push_back({waiting, std::move(lastId), 0});
            fresh_ = taken = true;
        }
    }
    if (taken) {
        wake_.notify_one();
        return;
    }
    auto refusal = web::apiProblem(request, 503, "busy", "打开的实时页面太多，请稍后再试",
                                   "Too many live pages are open; try again in a moment");
    waiting.answer(std::move(refusal).with("Retry-After", kBusyRetryAfter));
}

void SyncEvents::run() {
    std::unique_lock<std::mutex> lock(mutex_);
    while (!stopping_) {
        wake_.wait(lock, [this] { return stopping_ || !readers_.empty(); });
        if (stopping_) return;
        fresh_ = false;
        lock.unlock();
        std::string state = stateOf(running_);
        lock.lock();
        if (state != state_) {
            state_ = std::move(state);
            ++version_;
        }
        auto answers = due();
        lock.unlock();
        for (auto& [waiting, response] : answers) waiting.answer(std::move(response));
        lock.lock();
        wake_.wait_for(lock, limits_.step, [this] { return stopping_ || fresh_; });
    }
}

std::vector<std::pair<Waiting, Response>> SyncEvents::due() {
    std::vector<std::pair<Waiting, Response>> out;
    const std::string newest = std::to_string(version_);
    std::erase_if(readers_, [&](Reader& reader) {
        if (!reader.waiting.alive()) return true;
        const bool news = reader.lastId != newest;
        if (!news && ++reader.steps < limits_.stepsToAnswer) return false;
        out.emplace_back(reader.waiting, answer(news));
        return true;
    });
    return out;
}

/// WHATWG HTML section 9.2.6: fields by line, an event ends at the empty one. The comment keeps the id that was seen.
Response SyncEvents::answer(bool news) const {
    Response response;
    response.headers.set("Content-Type", "text/event-stream; charset=utf-8");
    response.body = "retry: " + std::to_string(limits_.comeBack.count()) + "\n";
    response.body +=
        news ? "id: " + std::to_string(version_) + "\nevent: progress\ndata: " + state_ + "\n\n" : ": \n\n";
    return response;
}

core::Status mountSyncEvents(http::Router& router, const web::WebContext& context, SyncEvents& events) {
    // The guard answers for those who may not; for the others it says 204, and they wait.
    const http::Handler gate =
        context.guard.admin({Role::kDataSteward, Role::kSystemAdmin},
                            [](const Request&, const web::Caller&) { return Response::noContent(); });
    http::Route route{"GET", "/api/v1/sync/events", gate, {}};
    route.later = [gate, &events](const Request& request, const Waiting& waiting) {
        Response refusal = gate(request);
        if (refusal.status != 204) {
            waiting.answer(std::move(refusal));
            return;
        }
        events.wait(request, waiting, std::string(request.headers.first("Last-Event-ID")));
    };
    return router.add(std::move(route));
}

}  // namespace yimen::admin
