#include "identity/session_table.h"

#include <algorithm>
#include <array>
#include <cstring>

#include "crypto/ticket.h"

namespace yimen::identity {

using core::ErrorCode;
using core::makeError;
using core::Result;
using core::Status;
using core::WallTime;

struct SessionTable::Shard {
    mutable std::shared_mutex mutex;
    std::unordered_map<SessionId, std::shared_ptr<Session>, store::SessionIdHash> sessions;
};

struct SessionTable::PersonShard {
    mutable std::mutex mutex;
    std::unordered_multimap<PersonId, SessionId> sessions;
};

namespace {

/// What a ticket carries: session and person.
constexpr std::size_t kPayload = 24;
using Payload = std::array<std::uint8_t, kPayload>;

Payload pack(const SessionId& id, PersonId person) {
    Payload bytes{};
    std::memcpy(bytes.data(), &id.high, 8);
    std::memcpy(bytes.data() + 8, &id.low, 8);
    std::memcpy(bytes.data() + 16, &person, 8);
    return bytes;
}

std::pair<SessionId, PersonId> unpack(const Payload& bytes) {
    SessionId id;
    PersonId person = 0;
    std::memcpy(&id.high, bytes.data(), 8);
    std::memcpy(&id.low, bytes.data() + 8, 8);
    std::memcpy(&person, bytes.data() + 16, 8);
    return {id, person};
}

}  // namespace

std::string appPurpose(std::string_view system) {
    return "app:" + std::string(system);
}

SessionTable::SessionTable(SessionLimits limits, Dependencies dependencies)
    : limits_(limits),
      deps_(std::move(dependencies)),
      sealer_(deps_.sealer.get()),
      shards_(std::make_unique<Shard[]>(kShards)),
      people_(std::make_unique<PersonShard[]>(kShards)) {
    sealers_.push_back(deps_.sealer);
}

SessionTable::~SessionTable() = default;

SessionTable::Shard& SessionTable::shardOf(const SessionId& id) const noexcept {
    return shards_[id.high % kShards];  // the map inside hashes by the other half
}

SessionTable::PersonShard& SessionTable::shardOf(PersonId person) const noexcept {
    return people_[static_cast<std::uint64_t>(person) % kShards];
}

/// The index of people first: who is found in a shard is always in the index, so that take() leaves nothing behind.
void SessionTable::insert(const std::shared_ptr<Session>& session) {
    {
        PersonShard& person = shardOf(session->person());
        const std::lock_guard lock(person.mutex);
        person.sessions.emplace(session->person(), session->id());
    }
    size_.fetch_add(1, std::memory_order_relaxed);
    Shard& shard = shardOf(session->id());
    const std::lock_guard lock(shard.mutex);
    shard.sessions.emplace(session->id(), session);
}

std::shared_ptr<Session> SessionTable::take(const SessionId& id) {
    std::shared_ptr<Session> session;
    {
        Shard& shard = shardOf(id);
        const std::lock_guard lock(shard.mutex);
        auto node = shard.sessions.extract(id);
        if (node.empty()) return nullptr;
        session = std::move(node.mapped());
        session->ended_.store(true, std::memory_order_release);
    }
    PersonShard& person = shardOf(session->person());
    const std::lock_guard lock(person.mutex);
    const auto [first, last] = person.sessions.equal_range(session->person());
    for (auto entry = first; entry != last; ++entry) {
        if (entry->second == id) {
            person.sessions.erase(entry);
            break;
        }
    }
    size_.fetch_sub(1, std::memory_order_relaxed);
    return session;
}

std::shared_ptr<Session> SessionTable::mutableSession(const SessionId& id) const {
    const Shard& shard = shardOf(id);
    const std::shared_lock lock(shard.mutex);
    const auto found = shard.sessions.find(id);
    return found == shard.sessions.end() ? nullptr : found->second;
}

SessionProblem SessionTable::problemOf(const Session& session, WallTime now) const noexcept {
    if (now >= session.expiresAt()) return SessionProblem::kExpired;
    if (now - session.lastSeenAt() >= limits_.idle) return SessionProblem::kIdle;
    return SessionProblem::kNone;
}

std::shared_ptr<Session> SessionTable::lookUp(std::string_view cookie, std::string_view purpose, WallTime now,
                                              SessionProblem& problem) const {
    Payload payload{};
    const auto size = sealer().openInto(purpose, cookie, now, payload);
    problem = SessionProblem::kBadTicket;
    if (!size || *size != kPayload) return nullptr;
    const auto [id, person] = unpack(payload);
    std::shared_ptr<Session> session = mutableSession(id);
    problem = SessionProblem::kEnded;
    if (!session || session->person() != person) return nullptr;
    problem = problemOf(*session, now);
    return session;
}

SessionCheck SessionTable::check(std::string_view cookie, std::string_view purpose) {
    const WallTime now = deps_.clock.wall();
    SessionProblem problem = SessionProblem::kBadTicket;
    const std::shared_ptr<Session> session = lookUp(cookie, purpose, now, problem);
    if (problem != SessionProblem::kNone) return {nullptr, problem};
    if (now - session->lastSeenAt() >= limits_.touchEvery) {
        session->lastSeenUs_.store(core::toUnixMicros(now), std::memory_order_relaxed);
        session->dirty_.store(true, std::memory_order_relaxed);
    }
    return {session, SessionProblem::kNone};
}

SessionCheck SessionTable::peek(std::string_view cookie, std::string_view purpose) const {
    SessionProblem problem = SessionProblem::kBadTicket;
    const std::shared_ptr<Session> session = lookUp(cookie, purpose, deps_.clock.wall(), problem);
    if (problem != SessionProblem::kNone) return {nullptr, problem};
    return {session, SessionProblem::kNone};
}

Result<std::string> SessionTable::ticketFor(const Session& session, std::string_view purpose) const {
    return sealer().seal(purpose, pack(session.id(), session.person()), session.expiresAt(), deps_.random);
}

/// The person's oldest sessions, when one more would be too many.
SessionTable::Ended SessionTable::makeRoom(PersonId person) {
    Ended gone;
    std::vector<SessionHandle> mine = ofPerson(person);
    if (mine.size() < limits_.maxPerPerson) return gone;
    std::sort(mine.begin(), mine.end(), [](const auto& a, const auto& b) { return a->createdAt() < b->createdAt(); });
    const std::size_t surplus = mine.size() + 1 - limits_.maxPerPerson;
    for (std::size_t i = 0; i < surplus && i < mine.size(); ++i) {
        if (auto session = take(mine[i]->id())) gone.emplace_back(std::move(session), EndReason::kReplaced);
    }
    return gone;
}

Result<SessionTable::Created> SessionTable::create(const NewSession& wanted) {
    if (size() >= limits_.maxSessions) {
        return makeError(ErrorCode::kUnavailable,
                         "登录人数已满，请稍后再试 / too many people are signed in; try again later",
                         "identity.session.max_sessions");
    }
    const WallTime now = deps_.clock.wall();
    store::SessionRecord record;
    record.id = {deps_.random.uint64(), deps_.random.uint64()};
    record.person = wanted.person;
    record.actingPost = wanted.actingPost;
    record.assurance = static_cast<int>(wanted.assurance);
    record.assuranceAt = now;
    record.createdAt = now;
    record.lastSeenAt = now;
    record.expiresAt = now + limits_.absolute;
    record.ip = wanted.ip;
    record.userAgent = wanted.userAgent.substr(0, kMaxUserAgent);
    YIMEN_TRY_STATUS(deps_.store.create(record));
    const auto session = std::make_shared<Session>(record, userAgents_.share(record.userAgent), limits_.stepUpFor);
    YIMEN_TRY(std::string cookie, ticketFor(*session, kHubPurpose));
    const Ended replaced = makeRoom(wanted.person);
    insert(session);
    static_cast<void>(bury(replaced));  // what the store did not take is tried again by flush()
    return Created{session, std::move(cookie)};
}

SessionHandle SessionTable::find(const SessionId& id) const {
    const auto session = mutableSession(id);
    if (!session || problemOf(*session, deps_.clock.wall()) != SessionProblem::kNone) return nullptr;
    return session;
}

std::vector<SessionHandle> SessionTable::ofPerson(PersonId person) const {
    std::vector<SessionId> ids;
    {
        const PersonShard& shard = shardOf(person);
        const std::lock_guard lock(shard.mutex);
        const auto [first, last] = shard.sessions.equal_range(person);
        for (auto entry = first; entry != last; ++entry) ids.push_back(entry->second);
    }
    std::vector<SessionHandle> found;
    for (const SessionId& id : ids) {
        if (SessionHandle session = find(id)) found.push_back(std::move(session));
    }
    return found;
}

std::vector<std::shared_ptr<Session>> SessionTable::everything() const {
    std::vector<std::shared_ptr<Session>> found;
    found.reserve(size());
    for (std::size_t i = 0; i < kShards; ++i) {
        const std::shared_lock lock(shards_[i].mutex);
        for (const auto& [id, session] : shards_[i].sessions) found.push_back(session);
    }
    return found;
}

std::vector<SessionHandle> SessionTable::all() const {
    const WallTime now = deps_.clock.wall();
    std::vector<SessionHandle> found;
    found.reserve(size());
    for (std::shared_ptr<Session>& session : everything()) {
        if (problemOf(*session, now) == SessionProblem::kNone) found.push_back(std::move(session));
    }
    return found;
}

}  // namespace yimen::identity
