#include "catalog/share_push.h"

#include <set>

#include "crypto/digest.h"
#include "unit/catalog/share_world.h"

namespace yimen::catalog::test {
namespace {

using core::ErrorCode;

/// A consuming system: checks signatures, keeps what it acknowledges once per number, and answers as it is told.
class Consumer final : public http::HttpClient {
public:
    core::Result<http::ClientResponse> send(const http::ClientRequest& request) override {
        const auto field = [&](const std::string& name) {
            for (const auto& one : request.fields) {
                if (one.name == name) return one.value;
            }
            return std::string();
        };
        const std::string number = field("X-Yimen-Batch");
        const std::string text =
            field("X-Yimen-Contract") + "\n" + number + "\n" + field("X-Yimen-Time") + "\n" + request.body;
        EXPECT_EQ(field("X-Yimen-Signature"),
                  core::toHex(crypto::hmac(crypto::DigestAlgorithm::kSm3, core::asBytes(key), core::asBytes(text))));
        ++calls;
        if (status == 0) return core::makeError(ErrorCode::kUnavailable, "no connection");
        if (const auto [known, fresh] = taken.emplace(std::stoll(number), request.body); !fresh) {
            EXPECT_EQ(known->second, request.body) << "one number, one content";
        } else {
            apply(request.body);
        }
        if (loseAnswer) return core::makeError(ErrorCode::kTimeout, "the answer got lost");
        return http::ClientResponse{status, {}, "", {}};
    }
    void apply(const std::string& body) {
        const core::Json all = core::parseJson(body).value();
        for (const core::Json& change : all["changes"]) {
            const std::string id = change["_id"];
            if (change["_op"] == "deleted") {
                EXPECT_EQ(rows.erase(id), 1U);
            } else {
                EXPECT_EQ(rows.contains(id), change["_op"] == "updated");
                rows[id] = change["id"].get<std::string>() + "/" + change["month"].get<std::string>();
            }
        }
    }
    std::string all() const {
        std::multiset<std::string> sorted;
        for (const auto& [id, text] : rows) sorted.insert(text);
        std::string out;
        for (const std::string& one : sorted) out += one + " ";
        return out;
    }
    std::string key;
    int status = 200;
    bool loseAnswer = false;
    int calls = 0;
    std::map<std::int64_t, std::string> taken;
    std::map<std::string, std::string> rows;
};

class SharePushTest : public ::testing::Test {
protected:
    SharePushTest() {
        for (const char* row : {"1", "2", "3"}) world.put(row, "210299001");
        world.settle();
        core::Json terms = ShareWorld::terms();
        terms["rows_per_day"] = 100;
        id = world.contract(terms);
        const auto made = pusher().configure(id, "https://hr.example/in");
        EXPECT_TRUE(made.ok());
        consumer->key = std::string(made->reveal());
    }
    /// A process of its own: what it does not have on disk it does not know.
    SharePusher pusher() {
        return SharePusher({*world.stores.sharePushes,
                            reader,
                            std::make_shared<const crypto::KeyRing>(world.keys),
                            world.clock,
                            {core::Url::parse("https://hr.example").value()},
                            [this](const core::Url&) { return consumer; },
                            [this](const Contract&, std::int64_t, std::size_t rows) {
                                if (auditDown) return core::Status(core::makeError(ErrorCode::kUnavailable, "no disk"));
                                audited += rows;
                                return core::Status();
                            }});
    }
    store::SharePushRecord state() { return **world.stores.sharePushes->get(id); }

    ShareWorld world;
    ShareReader reader = world.makeReader();
    std::shared_ptr<Consumer> consumer = std::make_shared<Consumer>();
    bool auditDown = false;
    std::size_t audited = 0;
    store::ShareId id = 0;
};

TEST_F(SharePushTest, SendsWhatIsThereAndThenWhatChanges) {
    SharePusher push = pusher();
    EXPECT_FALSE(push.turn().value());
    EXPECT_EQ(consumer->all(), "1/202610 2/202610 3/202610 ");
    world.put("2", "");
    world.put("3", "210299001", "202611");
    world.settle();
    EXPECT_FALSE(push.turn().value());
    EXPECT_EQ(consumer->all(), "1/202610 3/202611 ");
    world.settle();
    EXPECT_FALSE(push.turn().value());
    EXPECT_EQ(consumer->calls, 2) << "nothing changed, nothing is sent";
    EXPECT_EQ(audited, 5U);
    const auto deliveries = world.stores.sharePushes->deliveries(id, 10);
    ASSERT_EQ(deliveries->size(), 2U);
    EXPECT_EQ(deliveries->front().rows, 2);
    EXPECT_TRUE(deliveries->front().acknowledged);
}

TEST_F(SharePushTest, TriesAgainLaterAndLaterWithTheSameBatch) {
    SharePusher push = pusher();
    consumer->status = 500;
    std::vector<std::int64_t> waits;
    for (int i = 0; i < 4; ++i) {
        ASSERT_TRUE(push.turn().ok());
        waits.push_back(core::toUnixSeconds(state().nextTry) - core::toUnixSeconds(world.clock.wall()));
        EXPECT_EQ(consumer->calls, i + 1);
        ASSERT_TRUE(push.turn().ok());
        EXPECT_EQ(consumer->calls, i + 1) << "not before its time";
        world.clock.advance(std::chrono::seconds(waits.back()));
    }
    EXPECT_EQ(waits, (std::vector<std::int64_t>{5, 10, 20, 40}));
    EXPECT_EQ(state().lastError, "HTTP 500");
    world.put("4", "210299001");  // belongs to a later batch, whenever this one gets through
    world.settle();
    consumer->status = 204;
    ASSERT_TRUE(push.turn().ok());
    EXPECT_EQ(state().acknowledged, 1);
    EXPECT_EQ(state().failures, 0);
    ASSERT_TRUE(push.turn().ok());
    EXPECT_EQ(consumer->all(), "1/202610 2/202610 3/202610 4/202610 ");
    EXPECT_EQ(world.stores.sharePushes->deliveries(id, 9)->back().attempts, 5);
}

TEST_F(SharePushTest, GoesOnAfterARestartWithTheSameContentUnderTheSameNumber) {
    consumer->loseAnswer = true;
    ASSERT_TRUE(pusher().turn().ok());
    EXPECT_EQ(consumer->taken.size(), 1U);
    EXPECT_EQ(state().acknowledged, 0) << "nobody told us";
    world.put("1", "210299001", "202612");
    world.put("9", "210299001");
    world.clock.advance(std::chrono::seconds(100));
    consumer->loseAnswer = false;
    SharePusher next = pusher();
    ASSERT_TRUE(next.turn().ok());
    EXPECT_EQ(consumer->taken.size(), 1U) << "the first again";
    EXPECT_EQ(state().acknowledged, 1);
    ASSERT_TRUE(next.turn().ok());
    EXPECT_EQ(consumer->all(), "1/202612 2/202610 3/202610 9/202610 ");
}

TEST_F(SharePushTest, StopsWithTheContractAndWithoutAudit) {
    SharePusher push = pusher();
    auditDown = true;
    ASSERT_TRUE(push.turn().ok());
    EXPECT_EQ(consumer->calls, 0) << "nothing leaves without its line";
    auditDown = false;
    ASSERT_TRUE(world.service.act(id, "suspend", "核查", 2, world.owner).ok());
    ASSERT_TRUE(push.act(id, "retry").ok());
    ASSERT_TRUE(push.turn().ok());
    EXPECT_EQ(consumer->calls, 0);
    EXPECT_NE(state().lastError.find("suspended"), std::string::npos);
    ASSERT_TRUE(world.service.act(id, "resume", "", 3, world.owner).ok());
    ASSERT_TRUE(push.act(id, "pause").ok());
    world.clock.advance(std::chrono::hours(1));
    ASSERT_TRUE(push.turn().ok());
    EXPECT_EQ(consumer->calls, 0);
    ASSERT_TRUE(push.act(id, "resume").ok());
    ASSERT_TRUE(push.turn().ok());
    EXPECT_EQ(consumer->calls, 1);
    EXPECT_FALSE(push.act(id, "explode").ok());
    ASSERT_TRUE(push.remove(id).ok());
    EXPECT_EQ(push.act(id, "retry").error().code, ErrorCode::kNotFound);
}

TEST_F(SharePushTest, GoesToListedServersOnlyAndRenewsItsKey) {
    SharePusher push = pusher();
    for (const char* other :
         {"http://hr.example/in", "https://hr.example:8443/in", "https://127.0.0.1/", "https://hr.example.evil/"}) {
        const auto refused = push.configure(id, other);
        ASSERT_FALSE(refused.ok()) << other;
        EXPECT_EQ(refused.error().code, ErrorCode::kDenied);
    }
    EXPECT_EQ(push.configure(id, "ftp//x").error().code, ErrorCode::kInvalidInput);
    const auto renewed = push.configure(id, "https://hr.example/other");
    EXPECT_NE(renewed->reveal(), consumer->key);
    consumer->key = std::string(renewed->reveal());
    ASSERT_TRUE(push.turn().ok());
    EXPECT_EQ(consumer->rows.size(), 3U);
}

}  // namespace
}  // namespace yimen::catalog::test
