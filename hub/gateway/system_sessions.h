#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "adapter/system_adapter.h"
#include "gateway/turns.h"
#include "identity/session.h"
#include "net/worker_pool.h"

namespace yimen::gateway {

using identity::PersonId;
using identity::SessionId;

/// What a sign-on needs from the vault. Implemented by who owns it. Thread-safe, blocking: `sign_on` pool only.
class AccountSource {
public:
    struct Account {
        adapter::SecretMap secrets;  ///< the person's fields and the system-wide secrets together
        std::int64_t version = 0;
        bool shared = false;
        /// Kept by the administrator and proven by the hub's own signature: the person cannot mend it.
        bool assigned = false;
    };
    virtual ~AccountSource() = default;
    /// kNotFound: not linked. kDenied: the link is broken and waits for the person. Every opening is audited.
    virtual core::Result<Account> open(PersonId person, const adapter::Manifest& manifest, const std::string& why) = 0;
    /// The system took the account.
    virtual void worked(PersonId person, const std::string& system, const Account& account) = 0;
    /// The system refused the account: it stays closed until the person enters it again.
    virtual void refused(PersonId person, const std::string& system, const Account& account,
                         adapter::Outcome outcome) = 0;
};

/// Why a person is or is not signed on to a system.
struct SignOnReport {
    enum class Kind {
        kReady,
        kNotLinked,   ///< no account stored: the linking page is next
        kLinkBroken,  ///< the stored account was refused before: the linking page is next
        kFailed,      ///< see outcome
        kBusy         ///< the pool is full: try again
    };
    Kind kind = Kind::kBusy;
    adapter::SignOnOutcome outcome;

    bool ready() const noexcept { return kind == Kind::kReady; }
};

/// Told about every sign-on and sign-off. Thread-safe, called on pool threads, may block for the audit log.
class SystemSessionEvents {
public:
    virtual ~SystemSessionEvents() = default;
    virtual void signedOn(PersonId person, const std::string& system, const SignOnReport& report) = 0;
    virtual void signedOff(PersonId person, const std::string& system, const adapter::SignOnOutcome& outcome) = 0;
};

/// One person in one system: the jar and the state of its sign-on. Owned by SystemSessions.
class SystemEntry {
public:
    SystemEntry(PersonId person, std::shared_ptr<const adapter::SystemAdapter> adapter);

    /// Any thread, no lock: what each request asks.
    bool ready() const noexcept { return session_->signedOn(); }
    /// Nobody signs this one off any more: look for the entry again. Any thread, no lock.
    bool retired() const noexcept { return retired_.load(std::memory_order_acquire); }
    adapter::SystemSession& session() const noexcept { return *session_; }
    const adapter::SystemAdapter& adapter() const noexcept { return *adapter_; }
    PersonId person() const noexcept { return person_; }
    /// For login kinds whose requests must arrive in order, else null.
    Turns* turns() const noexcept { return turns_.get(); }

private:
    friend class SystemSessions;
    using Waiter = std::function<void(const SignOnReport&)>;

    const PersonId person_;
    const std::shared_ptr<const adapter::SystemAdapter> adapter_;
    const std::shared_ptr<adapter::SystemSession> session_;
    const std::shared_ptr<Turns> turns_;
    std::atomic<bool> retired_{false};
    std::mutex mutex_;  ///< guards what follows; never held during a call to a system
    bool working_ = false;
    std::vector<Waiter> waiters_;
    std::vector<SessionId> users_;  ///< hub sessions that entered
    SignOnReport lastFailure_;
    core::MonoTime failedAt_{};
    bool failed_ = false;
};

/// All jars of this node: who is signed on where. Sign-ons of one person in one system happen one at a time; whoever
/// asks meanwhile waits for the same result. Thread-safe.
class SystemSessions {
public:
    struct Dependencies {
        AccountSource& accounts;
        SystemSessionEvents& events;
        net::WorkerPool& pool;  ///< `sign_on`
        const core::Clock& clock;
        core::Random& random;
    };
    /// A failed attempt answers further requests for this long without asking the system again, so that a page with
    /// forty images is one attempt; an attempt the person asks for (`force`) is made at once.
    static constexpr std::chrono::seconds kFailureHold{30};

    explicit SystemSessions(Dependencies dependencies) : deps_(dependencies) {}

    /// Finds or makes the entry and notes that the hub session uses it. An entry of an adapter that was replaced since
    /// is signed off in the background, with the adapter that signed it on. Does not block.
    std::shared_ptr<SystemEntry> enter(const identity::Session& session,
                                       const std::shared_ptr<const adapter::SystemAdapter>& adapter);

    /// Signs on, or renews when `generation` is still the session's. `done` is called exactly once: at once when there
    /// is nothing to do, else on a pool thread. Does not block.
    void signOn(const std::shared_ptr<SystemEntry>& entry, std::uint64_t generation, bool force,
                std::function<void(const SignOnReport&)> done);

    /// One system left at the end of a hub session.
    struct SignedOff {
        std::string system;
        adapter::SignOnOutcome outcome;
        bool finished = false;
        bool kept = false;  ///< not left: another session of the person uses it
    };
    /// The sign-offs of one hub session, under way in the pool.
    class Batch {
    public:
        /// Blocks until all are done or `limit` passed; what is not finished then is reported so.
        std::vector<SignedOff> wait(std::chrono::milliseconds limit);

    private:
        friend class SystemSessions;
        std::mutex mutex_;
        std::condition_variable changed_;
        std::vector<SignedOff> results_;
        std::size_t open_ = 0;
    };
    /// Leaves every system that no other live hub session of the person uses; those that one does are in the batch as
    /// kept. Call it when a hub session ended; a
    /// second call for the same session returns the same batch for a minute. Does not block.
    std::shared_ptr<Batch> leaveAll(const identity::Session& session);

    /// The person asks again by hand: the next request tries although the last attempt failed.
    void forgive(PersonId person, const std::string& system);

    /// Signs one person off one system and forgets the jar: after a new account was linked.
    void drop(PersonId person, const std::string& system);

    /// Keep-alive calls and refreshes that are due. Blocking: call every 30 s or so from one worker.
    void tick();
    std::size_t size() const;
    /// Keep-alive calls that got no answer, or none that told anything. Any thread.
    std::uint64_t keepAliveFailures() const noexcept { return keepAliveFailures_; }

private:
    using Key = std::pair<PersonId, std::string>;
    struct Recent {
        SessionId session;
        core::MonoTime at;
        std::shared_ptr<Batch> batch;
    };

    void work(const std::shared_ptr<SystemEntry>& entry);
    SignOnReport attempt(SystemEntry& entry);
    SignOnReport renew(SystemEntry& entry, AccountSource::Account& account);
    void finish(SystemEntry& entry, const SignOnReport& report);
    void signOff(const std::shared_ptr<SystemEntry>& entry, const std::shared_ptr<Batch>& batch, std::size_t index);
    void signOffLater(const std::shared_ptr<SystemEntry>& entry);
    std::vector<std::shared_ptr<SystemEntry>> takeUnused(const identity::Session& session,
                                                         std::vector<SignedOff>& kept);
    void keepAlive(SystemEntry& entry);

    Dependencies deps_;
    mutable std::mutex mutex_;
    std::map<Key, std::shared_ptr<SystemEntry>> entries_;
    std::vector<Recent> recent_;
    std::atomic<std::uint64_t> keepAliveFailures_{0};
};

}  // namespace yimen::gateway
