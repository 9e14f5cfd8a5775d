#pragma once

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "catalog/share_reader.h"
#include "core/secret.h"
#include "crypto/key_ring.h"
#include "http/client.h"
#include "store/share_push_store.h"

namespace yimen::catalog {

/// Sends the changes of a contract to its consumer, batch by batch, each once the one before was acknowledged with 2xx.
///
///     POST endpoint          Content-Type: application/json
///     X-Yimen-Contract: 7    X-Yimen-Batch: 42    X-Yimen-Time: 1795262400
///     X-Yimen-Signature: hexadecimal HMAC-SM3 of "7\n42\n1795262400\n" + body, by the key shown when the push was set
///     up
///     {"contract": 7, "item": "...", "batch": 42, "changes": [{"_op": "updated", "_id": "...", ...}]}
///
/// At least once: a batch whose acknowledgement got lost is sent again under its number with the same content, also
/// after a restart; whoever takes it drops numbers it has. Thread-safe, blocking.
class SharePusher {
public:
    struct Parts {
        store::SharePushStore& pushes;
        ShareReader& reader;
        std::shared_ptr<const crypto::KeyRing> keys;
        const core::Clock& clock;
        std::vector<core::Url> origins;  ///< the only servers pushes may go to
        std::function<std::shared_ptr<http::HttpClient>(const core::Url&)> client;
        /// Written before a batch leaves; without it nothing does.
        std::function<core::Status(const Contract&, std::int64_t number, std::size_t rows)> audit;
    };
    static constexpr std::size_t kBatchRows = 500;
    static constexpr std::chrono::seconds kFirstWait{5};
    static constexpr std::chrono::seconds kLongestWait{3600};
    static constexpr std::chrono::seconds kLook{5};  ///< between two looks for changes

    explicit SharePusher(Parts parts) : parts_(std::move(parts)) {}

    /// Begins to send (from the first row on), or goes on to another address with another key. The key is given once.
    /// kDenied for an address that is not on the site's list.
    core::Result<core::Secret> configure(store::ShareId share, const std::string& endpoint);
    /// pause, resume, retry (at once).
    core::Status act(store::ShareId share, const std::string& action);
    core::Status remove(store::ShareId share);

    /// Whatever is due, one batch per contract; true when there is more to send at once.
    core::Result<bool> turn();

private:
    /// A batch that was made and not acknowledged.
    struct Pending {
        std::int64_t number = 0;
        std::string body;
        std::size_t rows = 0;
        std::int64_t attempts = 0;
        core::WallTime firstAt{};
        ChangePosition next;
        bool more = false;
    };
    core::Result<bool> push(store::SharePushRecord push);
    core::Result<bool> prepare(store::SharePushRecord& push, const Contract& contract);
    core::Result<bool> send(store::SharePushRecord& push, const Contract& contract);
    http::ClientRequest requestOf(const store::SharePushRecord& push, const core::Url& url,
                                  const std::string& key) const;
    core::Status wait(store::SharePushRecord& push, const std::string& why);
    core::Result<std::string> keyOf(const store::SharePushRecord& push) const;

    Parts parts_;
    std::mutex turning_;  ///< one batch of a contract at a time
    std::map<store::ShareId, Pending> pending_;
};

}  // namespace yimen::catalog
