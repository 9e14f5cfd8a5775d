#include <algorithm>

#include "core/log.h"
#include "identity/session_table.h"

namespace yimen::identity {

using core::Result;
using core::Status;
using core::WallTime;

/// Off the disk, then the listeners. What the store does not take is kept for flush(), so that it goes later.
Status SessionTable::bury(const Ended& ended) {
    if (ended.empty()) return {};
    std::vector<SessionId> ids;
    ids.reserve(ended.size());
    for (const auto& [session, reason] : ended) ids.push_back(session->id());
    Status written = deps_.store.end(ids);
    if (!written.ok()) {
        const std::lock_guard lock(rare_);
        unburied_.insert(unburied_.end(), ids.begin(), ids.end());
    }
    for (const auto& [session, reason] : ended) {
        for (const EndListener& listener : listeners_) listener(session, reason);
    }
    return written;
}

Status SessionTable::end(const SessionId& id, EndReason reason) {
    Ended ended;
    if (auto session = take(id)) ended.emplace_back(std::move(session), reason);
    return bury(ended);
}

Result<std::size_t> SessionTable::endAll(PersonId person, const SessionId& except, EndReason reason) {
    Ended ended;
    for (const SessionHandle& mine : ofPerson(person)) {
        if (mine->id() == except) continue;
        if (auto session = take(mine->id())) ended.emplace_back(std::move(session), reason);
    }
    YIMEN_TRY_STATUS(bury(ended));
    return ended.size();
}

store::SessionTouch SessionTable::touchOf(const Session& session) {
    const store::SessionRecord record = session.record();
    return {record.id, record.actingPost, record.assurance, record.lastSeenAt, record.assuranceAt};
}

bool SessionTable::setActingPost(const SessionId& id, PostId post) {
    const auto session = mutableSession(id);
    if (!session) return false;
    session->actingPost_.store(post, std::memory_order_relaxed);
    session->dirty_.store(true, std::memory_order_release);
    return true;
}

bool SessionTable::raiseAssurance(const SessionId& id, Assurance assurance) {
    const auto session = mutableSession(id);
    if (!session) return false;
    const WallTime now = deps_.clock.wall();
    if (session->assurance(now) <= assurance) session->proof_.store(Session::proofOf(assurance, now));
    static_cast<void>(writeTouches({touchOf(*session)}));
    return true;
}

void SessionTable::onEnd(EndListener listener) {
    listeners_.push_back(std::move(listener));
}

Status SessionTable::load() {
    const WallTime now = deps_.clock.wall();
    std::vector<SessionId> over;
    YIMEN_TRY_STATUS(deps_.store.load(now, [&](store::SessionRecord&& record) {
        const auto session = std::make_shared<Session>(record, userAgents_.share(record.userAgent), limits_.stepUpFor);
        if (whyEnd(*session, now)) {
            over.push_back(session->id());
        } else {
            insert(session);
        }
    }));
    YIMEN_TRY_STATUS(deps_.store.end(over));
    YIMEN_TRY(const std::int64_t purged, deps_.store.purge(now));
    core::logInfo("identity.sessions.loaded", {{"live", static_cast<std::int64_t>(size())},
                                               {"over", static_cast<std::int64_t>(over.size())},
                                               {"purged", purged}});
    return {};
}

std::optional<SessionTable::EndReason> SessionTable::whyEnd(const Session& session, WallTime now) const {
    switch (problemOf(session, now)) {
        case SessionProblem::kExpired:
            return EndReason::kExpired;
        case SessionProblem::kIdle:
            return EndReason::kIdle;
        default:
            break;
    }
    if (deps_.mayStay && !deps_.mayStay(session.person())) return EndReason::kEndedByOther;
    return std::nullopt;
}

/// What ended while the store did not answer.
Status SessionTable::buryAgain() {
    std::vector<SessionId> again;
    {
        const std::lock_guard lock(rare_);
        again.swap(unburied_);
    }
    if (again.empty()) return {};
    Status written = deps_.store.end(again);
    if (!written.ok()) {
        const std::lock_guard lock(rare_);
        unburied_.insert(unburied_.end(), again.begin(), again.end());
    }
    return written;
}

Status SessionTable::writeTouches(const std::vector<store::SessionTouch>& touches) {
    if (touches.empty()) return {};
    Status written = deps_.store.touch(touches);
    if (written.ok()) return written;
    for (const store::SessionTouch& lost : touches) {
        if (const auto session = mutableSession(lost.id)) session->dirty_.store(true, std::memory_order_release);
    }
    return written;
}

Status SessionTable::flush() {
    const WallTime now = deps_.clock.wall();
    std::vector<store::SessionTouch> touches;
    Ended ended;
    for (const std::shared_ptr<Session>& session : everything()) {
        if (const auto reason = whyEnd(*session, now)) {
            if (auto gone = take(session->id())) ended.emplace_back(std::move(gone), *reason);
        } else if (session->dirty_.exchange(false, std::memory_order_acq_rel)) {
            touches.push_back(touchOf(*session));
        }
    }
    Status written = writeTouches(touches);  // each part is tried, whatever became of the others
    Status late = buryAgain();
    YIMEN_TRY_STATUS(bury(ended));
    return late.ok() ? written : late;
}

void SessionTable::setSealer(std::shared_ptr<const crypto::TicketSealer> sealer) {
    const std::lock_guard lock(rare_);
    sealer_.store(sealer.get(), std::memory_order_release);
    sealers_.push_back(std::move(sealer));
}

}  // namespace yimen::identity
