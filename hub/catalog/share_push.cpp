#include "catalog/share_push.h"

#include <algorithm>

#include "core/log.h"
#include "crypto/digest.h"

namespace yimen::catalog {

using core::ErrorCode;
using core::Json;
using core::makeError;
using core::Result;

namespace {

constexpr std::string_view kKeyBegin = "ymk_";
/// A window without changes is moved on in the store this often: a restart looks again at so much.
constexpr std::int64_t kMoveOnMs = 60'000;

std::string hmacHex(std::string_view key, std::string_view text) {
    return core::toHex(crypto::hmac(crypto::DigestAlgorithm::kSm3, core::asBytes(key), core::asBytes(text)));
}

core::WallTime later(core::WallTime now, std::int64_t failures) {
    const auto doubled = SharePusher::kFirstWait * (std::int64_t{1} << std::min<std::int64_t>(failures, 10));
    return now + std::min<std::chrono::seconds>(doubled, SharePusher::kLongestWait);
}

}  // namespace

Result<std::string> SharePusher::keyOf(const store::SharePushRecord& push) const {
    YIMEN_TRY(const crypto::Key key, parts_.keys->derive(static_cast<std::uint32_t>(push.keyId), "share_push"));
    const std::string name = std::to_string(push.share) + ":" + std::to_string(push.generation);
    return std::string(kKeyBegin) +
           core::toBase64Url(crypto::hmac(crypto::DigestAlgorithm::kSm3, key.bytes(), core::asBytes(name)));
}

Result<core::Secret> SharePusher::configure(store::ShareId share, const std::string& endpoint) {
    const auto url = core::Url::parse(endpoint);
    if (!url.ok()) return makeError(ErrorCode::kInvalidInput, "$.endpoint: " + url.error().message);
    const bool listed = std::any_of(parts_.origins.begin(), parts_.origins.end(),
                                    [&](const core::Url& origin) { return origin.origin() == url->origin(); });
    if (!listed) {
        return makeError(ErrorCode::kDenied, "地址不在允许范围 / the site does not push to " + url->origin() +
                                                 ": an administrator adds it to sync.push_to");
    }
    const std::lock_guard lock(turning_);
    YIMEN_TRY(const auto known, parts_.pushes.get(share));
    store::SharePushRecord push = known.value_or(store::SharePushRecord{});
    push.share = share;
    push.endpoint = endpoint;
    push.keyId = parts_.keys->activeId();
    ++push.generation;
    push.failures = 0;
    push.nextTry = parts_.clock.wall();
    push.lastError.clear();
    if (!known) push.position = ChangePosition{}.text();
    YIMEN_TRY_STATUS(parts_.pushes.put(push));
    YIMEN_TRY(std::string key, keyOf(push));
    return core::Secret(std::move(key));
}

core::Status SharePusher::act(store::ShareId share, const std::string& action) {
    const std::lock_guard lock(turning_);
    YIMEN_TRY(auto push, parts_.pushes.get(share));
    if (!push) return makeError(ErrorCode::kNotFound, "未设置推送 / this share has no push");
    if (action == "pause" || action == "resume") {
        push->paused = action == "pause";
    } else if (action != "retry") {
        return makeError(ErrorCode::kInvalidInput, "$.action: pause, resume, retry");
    }
    if (action != "pause") push->nextTry = parts_.clock.wall();
    return parts_.pushes.put(*push);
}

core::Status SharePusher::remove(store::ShareId share) {
    const std::lock_guard lock(turning_);
    pending_.erase(share);
    return parts_.pushes.remove(share);
}

Result<bool> SharePusher::turn() {
    const std::lock_guard lock(turning_);
    YIMEN_TRY(auto pushes, parts_.pushes.all());
    bool more = false;
    for (store::SharePushRecord& one : pushes) {
        if (one.paused || parts_.clock.wall() < one.nextTry) continue;
        const store::ShareId share = one.share;
        const auto done = push(std::move(one));
        if (done.ok()) {
            more = more || *done;
        } else {
            core::logWarn("share.push.failed", {{"share", share}, {"what", done.error().message}});
        }
    }
    return more;
}

Result<bool> SharePusher::push(store::SharePushRecord push) {
    auto contract = parts_.reader.open(push.share);
    if (!contract.ok()) {
        YIMEN_TRY_STATUS(wait(push, contract.error().message));
        return false;
    }
    if (!pending_.contains(push.share)) {
        const auto made = prepare(push, *contract);
        if (!made.ok()) {
            YIMEN_TRY_STATUS(wait(push, made.error().message));
            return false;
        }
        if (!*made) return false;
    }
    return send(push, *contract);
}

/// False when nothing has changed. The window's end is on disk before its first batch leaves.
Result<bool> SharePusher::prepare(store::SharePushRecord& push, const Contract& contract) {
    YIMEN_TRY(ChangePosition position, ChangePosition::read(push.position));
    ShareAudience who;
    who.push = true;
    const auto limit = std::min(kBatchRows, static_cast<std::size_t>(contract.terms.quota.rows));
    for (;;) {
        YIMEN_TRY(auto answer, parts_.reader.changes(contract, who, {}, position, limit));
        if (answer.count == 0 && answer.more) {
            position = answer.next;
            continue;
        }
        const bool fixed = position.to != 0 && push.position == position.text();
        if (answer.count > 0 ? !fixed : answer.next.from - position.from > kMoveOnMs) {
            push.position = (answer.count > 0 ? answer.window : answer.next).text();
            YIMEN_TRY_STATUS(parts_.pushes.put(push));
        }
        if (answer.count == 0) {
            push.nextTry = parts_.clock.wall() + kLook;
            YIMEN_TRY_STATUS(parts_.pushes.put(push));
            return false;
        }
        Pending pending;
        pending.number = push.acknowledged + 1;
        pending.rows = answer.count;
        pending.next = answer.next;
        pending.more = answer.more;
        pending.firstAt = parts_.clock.wall();
        pending.body = core::writeJson({{"contract", push.share},
                                        {"item", contract.record.item},
                                        {"batch", pending.number},
                                        {"changes", std::move(answer.changes)}});
        pending_[push.share] = std::move(pending);
        return true;
    }
}

http::ClientRequest SharePusher::requestOf(const store::SharePushRecord& push, const core::Url& url,
                                           const std::string& key) const {
    const Pending& pending = pending_.at(push.share);
    const std::string share = std::to_string(push.share);
    const std::string number = std::to_string(pending.number);
    const std::string time = std::to_string(core::toUnixSeconds(parts_.clock.wall()));
    http::ClientRequest request;
    request.method = "POST";
    request.url = url;
    request.body = pending.body;
    request.fields = {{"Content-Type", "application/json"},
                      {"X-Yimen-Contract", share},
                      {"X-Yimen-Batch", number},
                      {"X-Yimen-Time", time},
                      {"X-Yimen-Signature", hmacHex(key, share + "\n" + number + "\n" + time + "\n" + pending.body)}};
    return request;
}

Result<bool> SharePusher::send(store::SharePushRecord& push, const Contract& contract) {
    Pending& pending = pending_[push.share];
    YIMEN_TRY(const core::Url url, core::Url::parse(push.endpoint));
    YIMEN_TRY(const std::string key, keyOf(push));
    YIMEN_TRY_STATUS(parts_.audit(contract, pending.number, pending.rows));
    const auto answer = parts_.client(url)->send(requestOf(push, url, key));
    ++pending.attempts;
    store::ShareDelivery delivery;
    delivery.number = pending.number;
    delivery.rows = static_cast<std::int64_t>(pending.rows);
    delivery.attempts = pending.attempts;
    delivery.status = answer.ok() ? answer->status : 0;
    delivery.firstAt = pending.firstAt;
    delivery.lastAt = parts_.clock.wall();
    delivery.acknowledged = answer.ok() && answer->status >= 200 && answer->status < 300;
    if (!delivery.acknowledged) {
        ++push.failures;
        push.nextTry = later(parts_.clock.wall(), push.failures - 1);
        push.lastError = answer.ok() ? "HTTP " + std::to_string(answer->status) : answer.error().message;
        YIMEN_TRY_STATUS(parts_.pushes.note(push, delivery));
        return false;
    }
    push.acknowledged = pending.number;
    push.position = pending.next.text();
    push.failures = 0;
    push.lastError.clear();
    push.nextTry = parts_.clock.wall();
    const bool more = pending.more;
    YIMEN_TRY_STATUS(parts_.pushes.note(push, delivery));
    pending_.erase(push.share);
    return more;
}

core::Status SharePusher::wait(store::SharePushRecord& push, const std::string& why) {
    push.nextTry = later(parts_.clock.wall(), 6);
    push.lastError = why;
    return parts_.pushes.put(push);
}

}  // namespace yimen::catalog
