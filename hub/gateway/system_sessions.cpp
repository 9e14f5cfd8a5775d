#include "gateway/system_sessions.h"

#include <algorithm>

#include "core/log.h"

namespace yimen::gateway {

using adapter::Outcome;
using core::ErrorCode;

namespace {

constexpr std::chrono::seconds kKeepBatches{60};

SignOnReport failure(Outcome outcome, std::string detail) {
    SignOnReport report;
    report.kind = SignOnReport::Kind::kFailed;
    report.outcome.outcome = outcome;
    report.outcome.step = "connect";
    report.outcome.detail = std::move(detail);
    return report;
}

SignOnReport fromError(const core::Error& error) {
    SignOnReport report;
    switch (error.code) {
        case ErrorCode::kNotFound:
            report.kind = SignOnReport::Kind::kNotLinked;
            return report;
        case ErrorCode::kDenied:
            report.kind = SignOnReport::Kind::kLinkBroken;
            return report;
        default:
            return failure(Outcome::kUnreachable, error.message);
    }
}

SignOnReport fromOutcome(core::Result<adapter::SignOnOutcome> result) {
    if (!result.ok()) return fromError(result.error());
    SignOnReport report;
    report.kind = result->ok() ? SignOnReport::Kind::kReady : SignOnReport::Kind::kFailed;
    report.outcome = std::move(result).value();
    return report;
}

}  // namespace

SystemEntry::SystemEntry(PersonId person, std::shared_ptr<const adapter::SystemAdapter> adapter)
    : person_(person),
      adapter_(std::move(adapter)),
      session_(adapter_->newSession()),
      turns_(adapter_->manifest().login.kind == adapter::LoginKind::kHttpDigest ? std::make_shared<Turns>() : nullptr) {
}

std::shared_ptr<SystemEntry> SystemSessions::enter(const identity::Session& session,
                                                   const std::shared_ptr<const adapter::SystemAdapter>& adapter) {
    std::shared_ptr<SystemEntry> entry;
    std::shared_ptr<SystemEntry> replaced;
    {
        const std::lock_guard<std::mutex> lock(mutex_);
        auto& slot = entries_[{session.person(), adapter->manifest().id}];
        // A reloaded adapter starts anew: its engine may read the old jar differently.
        if (!slot || slot->adapter_ != adapter) {
            replaced = std::exchange(slot, std::make_shared<SystemEntry>(session.person(), adapter));
        }
        entry = slot;
    }
    if (replaced) {
        replaced->retired_.store(true, std::memory_order_release);
        signOffLater(replaced);
    }
    const std::lock_guard<std::mutex> lock(entry->mutex_);
    auto& users = entry->users_;
    if (std::find(users.begin(), users.end(), session.id()) == users.end()) users.push_back(session.id());
    return entry;
}

void SystemSessions::signOn(const std::shared_ptr<SystemEntry>& entry, std::uint64_t generation, bool force,
                            std::function<void(const SignOnReport&)> done) {
    SignOnReport known;
    {
        std::unique_lock<std::mutex> lock(entry->mutex_);
        const auto& session = entry->session();
        const bool current = session.signedOn() && session.generation() != generation;
        if (current && !session.refreshDue(deps_.clock.wall())) {
            known.kind = SignOnReport::Kind::kReady;
        } else if (entry->failed_ && !force && deps_.clock.mono() - entry->failedAt_ < kFailureHold) {
            known = entry->lastFailure_;
        } else {
            entry->waiters_.push_back(std::move(done));
            if (std::exchange(entry->working_, true)) return;
            lock.unlock();
            if (!deps_.pool.submit([this, entry] { work(entry); })) finish(*entry, SignOnReport{});
            return;
        }
    }
    done(known);
}

void SystemSessions::work(const std::shared_ptr<SystemEntry>& entry) {
    const SignOnReport report = attempt(*entry);
    deps_.events.signedOn(entry->person(), entry->adapter().manifest().id, report);
    finish(*entry, report);
}

SignOnReport SystemSessions::attempt(SystemEntry& entry) {
    const auto& manifest = entry.adapter().manifest();
    auto opened = deps_.accounts.open(entry.person(), manifest, entry.session().signedOn() ? "renew" : "sign_on");
    if (!opened.ok()) return fromError(opened.error());
    auto& account = *opened;
    SignOnReport report = renew(entry, account);
    if (!report.ready()) {
        const adapter::SignOnContext context{entry.adapter().client(), entry.session(), account.secrets, deps_.clock,
                                             deps_.random};
        report = fromOutcome(entry.adapter().engine().signOn(context));
    }
    if (report.ready()) {
        deps_.accounts.worked(entry.person(), manifest.id, account);
    } else if (report.kind == SignOnReport::Kind::kFailed && adapter::isAccountFault(report.outcome.outcome)) {
        entry.session().clear();
        deps_.accounts.refused(entry.person(), manifest.id, account, report.outcome.outcome);
    }
    return report;
}

/// A refresh that is due is tried before the password is used; anything but success leads to a full sign-on.
SignOnReport SystemSessions::renew(SystemEntry& entry, AccountSource::Account& account) {
    // A bearer token that the system refused early still has its refresh token; other kinds renew when it is time.
    const bool bearer = entry.adapter().manifest().login.kind == adapter::LoginKind::kJsonBearer;
    const bool due = bearer || entry.session().refreshDue(deps_.clock.wall());
    if (!entry.session().signedOn() || !due) return {};
    const adapter::SignOnContext context{entry.adapter().client(), entry.session(), account.secrets, deps_.clock,
                                         deps_.random};
    return fromOutcome(entry.adapter().engine().refresh(context));
}

void SystemSessions::finish(SystemEntry& entry, const SignOnReport& report) {
    std::vector<SystemEntry::Waiter> waiters;
    {
        const std::lock_guard<std::mutex> lock(entry.mutex_);
        waiters.swap(entry.waiters_);
        entry.working_ = false;
        entry.failed_ = !report.ready() && report.kind != SignOnReport::Kind::kBusy;
        if (entry.failed_) {
            entry.lastFailure_ = report;
            entry.failedAt_ = deps_.clock.mono();
        }
    }
    for (const auto& waiter : waiters) waiter(report);
}

std::vector<SystemSessions::SignedOff> SystemSessions::Batch::wait(std::chrono::milliseconds limit) {
    std::unique_lock<std::mutex> lock(mutex_);
    changed_.wait_for(lock, limit, [this] { return open_ == 0; });
    return results_;
}

std::vector<std::shared_ptr<SystemEntry>> SystemSessions::takeUnused(const identity::Session& session,
                                                                     std::vector<SignedOff>& kept) {
    std::vector<std::shared_ptr<SystemEntry>> unused;
    const std::lock_guard<std::mutex> lock(mutex_);
    auto it = entries_.lower_bound({session.person(), std::string()});
    while (it != entries_.end() && it->first.first == session.person()) {
        const auto entry = it->second;
        const std::lock_guard<std::mutex> entryLock(entry->mutex_);
        const bool used = std::erase(entry->users_, session.id()) != 0;
        if (entry->users_.empty()) {
            entry->retired_.store(true, std::memory_order_release);
            if (entry->session().signedOn()) unused.push_back(entry);
            it = entries_.erase(it);
        } else {
            if (used && entry->session().signedOn()) kept.push_back({it->first.second, {}, true, true});
            ++it;
        }
    }
    return unused;
}

std::shared_ptr<SystemSessions::Batch> SystemSessions::leaveAll(const identity::Session& session) {
    const auto now = deps_.clock.mono();
    {
        const std::lock_guard<std::mutex> lock(mutex_);
        std::erase_if(recent_, [&](const Recent& recent) { return now - recent.at > kKeepBatches; });
        for (const auto& recent : recent_) {
            if (recent.session == session.id()) return recent.batch;
        }
    }
    std::vector<SignedOff> kept;
    const auto unused = takeUnused(session, kept);
    auto batch = std::make_shared<Batch>();
    for (const auto& entry : unused) batch->results_.push_back({entry->adapter().manifest().id, {}, false, false});
    batch->results_.insert(batch->results_.end(), kept.begin(), kept.end());
    batch->open_ = unused.size();
    {
        const std::lock_guard<std::mutex> lock(mutex_);
        recent_.push_back({session.id(), now, batch});
    }
    for (std::size_t i = 0; i < unused.size(); ++i) {
        const auto& entry = unused[i];
        if (!deps_.pool.submit([this, entry, batch, i] { signOff(entry, batch, i); })) {
            const std::lock_guard<std::mutex> lock(batch->mutex_);
            --batch->open_;
        }
    }
    return batch;
}

void SystemSessions::signOff(const std::shared_ptr<SystemEntry>& entry, const std::shared_ptr<Batch>& batch,
                             std::size_t index) {
    const auto& manifest = entry->adapter().manifest();
    // A sign-off needs no account; engines find what they need in the session.
    const adapter::SecretMap none;
    const adapter::SignOnContext context{entry->adapter().client(), entry->session(), none, deps_.clock, deps_.random};
    const auto outcome = entry->adapter().engine().signOff(context);
    deps_.events.signedOff(entry->person(), manifest.id, outcome);
    if (!batch) return;
    const std::lock_guard<std::mutex> lock(batch->mutex_);
    batch->results_[index].outcome = outcome;
    batch->results_[index].finished = true;
    --batch->open_;
    batch->changed_.notify_all();
}

void SystemSessions::forgive(PersonId person, const std::string& system) {
    const std::lock_guard<std::mutex> lock(mutex_);
    const auto found = entries_.find({person, system});
    if (found == entries_.end()) return;
    const std::lock_guard<std::mutex> entryLock(found->second->mutex_);
    found->second->failed_ = false;
}

void SystemSessions::drop(PersonId person, const std::string& system) {
    std::shared_ptr<SystemEntry> entry;
    {
        const std::lock_guard<std::mutex> lock(mutex_);
        const auto found = entries_.find({person, system});
        if (found == entries_.end()) return;
        entry = found->second;
        entry->retired_.store(true, std::memory_order_release);
        entries_.erase(found);
    }
    signOffLater(entry);
}

void SystemSessions::signOffLater(const std::shared_ptr<SystemEntry>& entry) {
    if (!entry->session().signedOn()) return;
    if (!deps_.pool.submit([this, entry] { signOff(entry, nullptr, 0); })) {
        core::logWarn("gateway.sign_off.skipped", {{"system", entry->adapter().manifest().id}});
    }
}

void SystemSessions::tick() {
    std::vector<std::shared_ptr<SystemEntry>> live;
    {
        const std::lock_guard<std::mutex> lock(mutex_);
        for (const auto& [key, entry] : entries_) {
            if (entry->session().signedOn()) live.push_back(entry);
        }
    }
    for (const auto& entry : live) keepAlive(*entry);
}

void SystemSessions::keepAlive(SystemEntry& entry) {
    const auto every = entry.adapter().manifest().keepAlive.every;
    if (every.count() == 0) return;
    const auto now = deps_.clock.wall();
    if (now - entry.session().lastUsed() < every) return;
    const adapter::SecretMap none;
    const adapter::SignOnContext context{entry.adapter().client(), entry.session(), none, deps_.clock, deps_.random};
    entry.session().touch(now);
    switch (entry.adapter().keepAlive(context)) {
        case adapter::SystemAdapter::KeptAlive::kStands:
            return;
        case adapter::SystemAdapter::KeptAlive::kExpired:
            // Renewed by the next request, not here: nobody may be there any more.
            entry.session().clear();
            return;
        case adapter::SystemAdapter::KeptAlive::kUnknown:
            keepAliveFailures_.fetch_add(1, std::memory_order_relaxed);
            core::logInfo("gateway.keep_alive_failed", {{"system", entry.adapter().manifest().id}});
            return;
    }
}

std::size_t SystemSessions::size() const {
    const std::lock_guard<std::mutex> lock(mutex_);
    return entries_.size();
}

}  // namespace yimen::gateway
