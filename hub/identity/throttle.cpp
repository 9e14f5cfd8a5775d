#include "identity/throttle.h"

#include <algorithm>

#include "core/ip_address.h"
#include "core/log.h"

namespace yimen::identity {

using std::chrono::seconds;

namespace {

constexpr unsigned kIpv4Prefix = 24;
constexpr unsigned kIpv6Prefix = 64;  // what one subscriber has
constexpr seconds kNetworkPause{1};   // between tries of strangers in a network over its limit
constexpr int kMostDoublings = 20;

/// The first byte tells the kinds of counters apart; none of them can stand in a name or an address.
std::string sourceKey(const std::string& account, const std::string& source) {
    return "s" + account + '\n' + source;
}
std::string accountKeyOf(const std::string& account) {
    return "a" + account + '\n';
}
std::string networkKey(const std::string& network) {
    return "n" + network;
}

std::string sourceOf(const LoginSource& source) {
    return source.deviceId.empty() ? networkOf(source.ip) : "device:" + source.deviceId;
}

seconds roundUp(core::MonoTime::duration rest) {
    return std::max(seconds(1), std::chrono::ceil<seconds>(rest));
}

}  // namespace

std::string networkOf(std::string_view ip) {
    const auto address = core::IpAddress::parse(ip);
    if (!address.ok()) return std::string(ip);
    if (address->isV4()) return address->firstOf(96 + kIpv4Prefix).text() + '/' + std::to_string(kIpv4Prefix);
    return address->firstOf(kIpv6Prefix).text() + '/' + std::to_string(kIpv6Prefix);
}

LoginThrottle::LoginThrottle(ThrottleLimits limits, const core::Clock& clock, store::LockStore& locks)
    : limits_(limits), clock_(clock), locks_(locks) {}

LoginThrottle::Counter& LoginThrottle::counter(const std::string& key) {
    const auto known = index_.find(key);
    if (known != index_.end()) {
        order_.splice(order_.begin(), order_, known->second);
        return order_.front().counter;
    }
    if (order_.size() >= limits_.maxEntries) {
        index_.erase(order_.back().key);
        order_.pop_back();
    }
    order_.push_front({key, {}});
    index_.emplace(order_.front().key, order_.begin());
    return order_.front().counter;
}

LoginThrottle::Counter* LoginThrottle::find(const std::string& key) {
    const auto known = index_.find(key);
    return known == index_.end() ? nullptr : &known->second->counter;
}

/// Forgets what is long ago; a lock that has run out leaves a clean slate.
void LoginThrottle::age(Counter& counter, core::MonoTime now) const {
    const bool lockOver = counter.locked && now >= counter.notBefore;
    const bool longAgo = !counter.locked && counter.failures > 0 && now - counter.lastTry >= limits_.forgetAfter;
    if (!lockOver && !longAgo) return;
    counter.failures = 0;
    counter.locked = false;
    counter.notBefore = {};
}

/// The try counts as failed until it is known better, so that tries at the same time cannot pass the limit together.
void LoginThrottle::charge(Counter& counter, core::MonoTime now) const {
    ++counter.failures;
    counter.lastTry = now;
    if (counter.failures >= limits_.lockAfter) {
        counter.locked = true;
        counter.notBefore = now + limits_.lockFor;
    } else if (counter.failures >= limits_.freeFailures) {
        const int doublings = std::min(counter.failures - limits_.freeFailures, kMostDoublings);
        counter.notBefore = now + std::min(limits_.firstDelay * (1 << doublings), limits_.lockFor);
    }
}

/// Strangers to an account under attack, and to a network that attacks, wait longer. Who is known does not notice.
std::optional<core::MonoTime> LoginThrottle::chargeStranger(const std::string& accountKey, const std::string& network,
                                                            core::MonoTime now) {
    Counter& account = counter(accountKeyOf(accountKey));
    age(account, now);
    if (now < account.notBefore) return account.notBefore;
    Counter& net = counter(networkKey(network));
    age(net, now);
    if (now < net.notBefore) return net.notBefore;
    ++net.failures;
    net.lastTry = now;
    if (net.failures >= limits_.networkFailures) net.notBefore = now + kNetworkPause;
    Counter& again = counter(accountKeyOf(accountKey));  // the network's entry may have pushed it out
    ++again.failures;
    again.lastTry = now;
    if (again.failures >= limits_.accountFailures) again.notBefore = now + limits_.strangerDelay;
    return std::nullopt;
}

LoginThrottle::Decision LoginThrottle::admit(const std::string& accountKey, const LoginSource& source) {
    const core::MonoTime now = clock_.mono();
    const std::string network = networkOf(source.ip);
    const std::lock_guard lock(mutex_);
    const std::string key = sourceKey(accountKey, sourceOf(source));
    Counter& mine = counter(key);
    age(mine, now);
    if (now < mine.notBefore) return {false, roundUp(mine.notBefore - now), mine.locked};
    const bool stranger = source.deviceId.empty() && !mine.known;
    if (stranger) {
        if (const auto until = chargeStranger(accountKey, network, now)) return {false, roundUp(*until - now), false};
    }
    charge(counter(key), now);
    return {true, seconds(0), false};
}

void LoginThrottle::failed(const std::string& accountKey, const LoginSource& source) {
    const core::MonoTime now = clock_.mono();
    store::LockRecord record{accountKey, sourceOf(source), 0, {}};
    {
        const std::lock_guard lock(mutex_);
        const Counter* mine = find(sourceKey(accountKey, record.source));
        if (mine == nullptr || !mine->locked || now >= mine->notBefore) return;
        record.failures = mine->failures;
        record.lockedUntil =
            clock_.wall() + std::chrono::duration_cast<std::chrono::microseconds>(mine->notBefore - now);
    }
    const core::Status written = locks_.put(record);  // in memory it holds either way
    if (!written.ok()) core::logWarn("identity.throttle.lock_not_saved", {{"reason", written.error().detail}});
}

void LoginThrottle::giveBack(const std::string& key) {
    Counter* counter = find(key);
    if (counter == nullptr || counter->failures == 0) return;
    --counter->failures;
    counter->notBefore = {};
    counter->locked = false;
}

void LoginThrottle::succeeded(const std::string& accountKey, const LoginSource& source) {
    const std::lock_guard lock(mutex_);
    Counter& mine = counter(sourceKey(accountKey, sourceOf(source)));
    const bool stranger = source.deviceId.empty() && !mine.known;
    mine = {};
    mine.known = true;
    if (!stranger) return;
    giveBack(accountKeyOf(accountKey));
    giveBack(networkKey(networkOf(source.ip)));
}

void LoginThrottle::abandoned(const std::string& accountKey, const LoginSource& source) {
    const std::lock_guard lock(mutex_);
    const std::string key = sourceKey(accountKey, sourceOf(source));
    const Counter* mine = find(key);
    const bool stranger = source.deviceId.empty() && (mine == nullptr || !mine->known);
    giveBack(key);
    if (!stranger) return;
    giveBack(accountKeyOf(accountKey));
    giveBack(networkKey(networkOf(source.ip)));
}

core::Status LoginThrottle::unlock(const std::string& accountKey) {
    {
        const std::lock_guard lock(mutex_);
        const std::string ofSources = sourceKey(accountKey, "");
        for (Entry& entry : order_) {
            const bool mine = entry.key.starts_with(ofSources) || entry.key == accountKeyOf(accountKey);
            if (mine) entry.counter = Counter{0, {}, {}, false, entry.counter.known};
        }
    }
    return locks_.clear(accountKey);
}

core::Status LoginThrottle::load() {
    YIMEN_TRY(const std::vector<store::LockRecord> records, locks_.load(clock_.wall()));
    const core::MonoTime now = clock_.mono();
    const std::lock_guard lock(mutex_);
    for (const store::LockRecord& record : records) {
        Counter& mine = counter(sourceKey(record.account, record.source));
        mine.failures = record.failures;
        mine.locked = true;
        mine.lastTry = now;
        mine.notBefore = now + std::min<core::MonoTime::duration>(record.lockedUntil - clock_.wall(), limits_.lockFor);
    }
    return {};
}

}  // namespace yimen::identity
