#pragma once

#include <array>
#include <chrono>
#include <functional>
#include <mutex>
#include <optional>
#include <shared_mutex>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "core/random.h"
#include "identity/session.h"
#include "identity/text_pool.h"

namespace yimen::crypto {
class TicketSealer;
}

namespace yimen::identity {

/// `identity.session` in the configuration.
struct SessionLimits {
    std::chrono::seconds idle{30 * 60};
    std::chrono::seconds absolute{12 * 3600};
    std::size_t maxSessions = 1000000;    ///< further sign-ins get kUnavailable
    std::size_t maxPerPerson = 50;        ///< the oldest one ends for the new one
    std::chrono::seconds touchEvery{10};  ///< how exact lastSeenAt is
    std::chrono::seconds stepUpFor = Session::kStepUpFor;
};

enum class SessionProblem {
    kNone,
    kBadTicket,  ///< not ours, changed, past its time, or for another purpose
    kEnded,      ///< signed out, ended by somebody, or unknown after a restart
    kIdle,
    kExpired
};

struct SessionCheck {
    SessionHandle session;  ///< null unless problem is kNone
    SessionProblem problem = SessionProblem::kBadTicket;
};

/// What a ticket is good for. A ticket of one purpose never passes as another.
inline constexpr std::string_view kHubPurpose = "hub";
std::string appPurpose(std::string_view system);  ///< "app:<system>"

/// All live sessions of this node. Thread-safe. check() touches memory only and does not allocate; create(), end*(),
/// load() and flush() use the store and block: worker pools only.
class SessionTable {
public:
    struct Dependencies {
        const core::Clock& clock;
        core::Random& random;
        store::SessionStore& store;
        std::shared_ptr<const crypto::TicketSealer> sealer;
        /// Whether the person may be signed in at all (not disabled, not expired). Asked at load() and flush(); ends
        /// what slipped in beside a change. Empty: everybody may.
        std::function<bool(PersonId)> mayStay;
    };
    struct NewSession {
        PersonId person = 0;
        PostId actingPost = 0;
        Assurance assurance = Assurance::kPassword;
        std::string ip;
        std::string userAgent;  ///< cut to kMaxUserAgent bytes
    };
    struct Created {
        SessionHandle session;
        std::string cookie;  ///< hub ticket, for the hub host only
    };
    /// Who ended it, for the listeners.
    enum class EndReason { kSignedOut, kEndedByOther, kIdle, kExpired, kReplaced };
    using EndListener = std::function<void(const SessionHandle&, EndReason)>;

    static constexpr std::size_t kMaxUserAgent = 160;

    SessionTable(SessionLimits limits, Dependencies dependencies);
    ~SessionTable();

    /// The session is on disk when this returns. Always a new id (no fixation).
    core::Result<Created> create(const NewSession& wanted);
    /// Answers whether the cookie stands for a live session and notes that it was seen. Any thread, loops included.
    SessionCheck check(std::string_view cookie, std::string_view purpose);
    /// As check, but the person does nothing by it (polling): the idle time goes on.
    SessionCheck peek(std::string_view cookie, std::string_view purpose) const;
    /// A ticket for the session and a purpose, good until the session's absolute limit.
    core::Result<std::string> ticketFor(const Session& session, std::string_view purpose) const;

    SessionHandle find(const SessionId& id) const;
    std::vector<SessionHandle> ofPerson(PersonId person) const;
    /// All of them in no order; for the administrator's list and metrics.
    std::vector<SessionHandle> all() const;
    std::size_t size() const noexcept { return size_.load(std::memory_order_relaxed); }

    /// Gone for every check from this moment, on disk when it returns. Unknown: no error.
    core::Status end(const SessionId& id, EndReason reason);
    /// Every session of the person but `except` (pass {} for none). Returns how many ended.
    core::Result<std::size_t> endAll(PersonId person, const SessionId& except, EndReason reason);
    /// The person acts in another post from now on; the caller checked that he holds it. False: no such session.
    bool setActingPost(const SessionId& id, PostId post);
    /// The person proved the level now; a higher one that still counts is not lowered. Writes to the store (blocking);
    /// what it does not take is tried again by flush(). Tickets name the session, so every one of them has the level.
    bool raiseAssurance(const SessionId& id, Assurance assurance);

    /// Called after a session ended, on the thread that ended it, without a lock held. Add before use.
    void onEnd(EndListener listener);

    /// Fills the table from the store, at start.
    core::Status load();
    /// Writes what changed in passing and ends what is past its limits. Call every few seconds in a worker.
    core::Status flush();
    /// After a key rotation. Tickets of keys that the new sealer still knows stay good.
    void setSealer(std::shared_ptr<const crypto::TicketSealer> sealer);

private:
    struct Shard;
    struct PersonShard;
    using Ended = std::vector<std::pair<std::shared_ptr<Session>, EndReason>>;
    static constexpr std::size_t kShards = 64;

    Shard& shardOf(const SessionId& id) const noexcept;
    PersonShard& shardOf(PersonId person) const noexcept;
    const crypto::TicketSealer& sealer() const noexcept { return *sealer_.load(std::memory_order_acquire); }
    std::shared_ptr<Session> lookUp(std::string_view cookie, std::string_view purpose, core::WallTime now,
                                    SessionProblem& problem) const;
    SessionProblem problemOf(const Session& session, core::WallTime now) const noexcept;
    std::optional<EndReason> whyEnd(const Session& session, core::WallTime now) const;
    std::shared_ptr<Session> take(const SessionId& id);
    std::shared_ptr<Session> mutableSession(const SessionId& id) const;
    std::vector<std::shared_ptr<Session>> everything() const;
    void insert(const std::shared_ptr<Session>& session);
    Ended makeRoom(PersonId person);
    core::Status bury(const Ended& ended);
    core::Status buryAgain();
    static store::SessionTouch touchOf(const Session& session);
    core::Status writeTouches(const std::vector<store::SessionTouch>& touches);

    SessionLimits limits_;
    Dependencies deps_;
    std::atomic<const crypto::TicketSealer*> sealer_;
    std::unique_ptr<Shard[]> shards_;
    std::unique_ptr<PersonShard[]> people_;
    std::atomic<std::size_t> size_{0};
    TextPool userAgents_;
    std::vector<EndListener> listeners_;
    std::mutex rare_;                                                   ///< guards what follows
    std::vector<std::shared_ptr<const crypto::TicketSealer>> sealers_;  ///< a check may still use a former one
    std::vector<SessionId> unburied_;                                   ///< ended, but the store did not take it
};

}  // namespace yimen::identity
