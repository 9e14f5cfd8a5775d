// Every adapters/<id>/tests/*.json of kind "hook" against the adapter's script and the heads the gateway writes with
// it. A new folder needs nothing here.
#include <gmock/gmock.h>

#include <algorithm>
#include <filesystem>

#include "core/ascii.h"
#include "core/file.h"
#include "core/json.h"
#include "core/path.h"
#include "gateway/answer_head.h"
#include "gateway/hook_stage.h"
#include "gateway/request_head.h"
#include "support/repository.h"
#include "unit/gateway/fixture.h"

namespace yimen::gateway {
namespace {

namespace fs = std::filesystem;
using core::Json;

std::vector<std::string> hookFixtures() {
    std::vector<std::string> out;
    for (const auto& folder : fs::directory_iterator(fs::path(yimen::test::repository()) / "adapters")) {
        std::error_code ignored;
        for (const auto& entry : fs::directory_iterator(folder.path() / "tests", ignored)) {
            const auto text = core::readFile(entry.path().string(), 1024 * 1024);
            const auto json = text.ok() ? core::parseJson(*text) : core::Result<Json>(text.error());
            if (json.ok() && json->value("kind", "") == "hook") out.push_back(entry.path().string());
        }
    }
    std::sort(out.begin(), out.end());
    return out;
}

/// Header fields of a fixture, as the parser would have read them.
class Recorded {
public:
    explicit Recorded(const Json& list) {
        for (const auto& one : list) texts_.emplace_back(one.at(0).get<std::string>(), one.at(1).get<std::string>());
        for (const auto& [name, value] : texts_) {
            auto id = net::FieldId::kOther;
            if (core::equalIgnoreCase(name, "Content-Type")) id = net::FieldId::kContentType;
            if (core::equalIgnoreCase(name, "Accept")) id = net::FieldId::kAccept;
            fields_.push_back({name, value, id});
        }
    }
    std::span<const net::Field> fields() const { return fields_; }

private:
    std::vector<std::pair<std::string, std::string>> texts_;
    std::vector<net::Field> fields_;
};

policy::Subject subjectOf(const Json& person) {
    policy::Subject subject;
    subject.username = person.value("username", "");
    subject.name = person.value("name", "");
    subject.assurance = person.value("assurance", 1);
    policy::Post post;
    post.orgPath = {person.value("org", "")};
    post.orgName = person.value("org_name", "");
    post.title = person.value("title", "");
    for (const auto& role : person.value("roles", Json::array())) post.roles.push_back(role.get<std::string>());
    subject.posts.push_back(std::move(post));
    subject.actingPost = 0;
    return subject;
}

class HookFixture : public testing::TestWithParam<std::string> {
protected:
    void SetUp() override {
        fixture_ = core::parseJson(core::readFile(GetParam(), 1024 * 1024).value()).value();
        for (const auto& [key, value] : fixture_.at("expect").items()) {
            static const std::vector<std::string> known{"denied", "reason", "target", "headers", "headers_absent"};
            EXPECT_NE(std::find(known.begin(), known.end(), key), known.end()) << "unknown key in expect: " << key;
        }
    }
    void check(const std::optional<ScriptStop>& stop, const std::string& head) const {
        const auto& expect = fixture_.at("expect");
        if (expect.contains("denied")) {
            ASSERT_TRUE(stop.has_value()) << "was passed:\n" << head;
            EXPECT_FALSE(stop->failed) << stop->error;
            EXPECT_EQ(stop->status, expect.at("denied").get<int>());
            EXPECT_THAT(stop->reason.zh + stop->reason.en, testing::HasSubstr(expect.value("reason", "")));
            return;
        }
        ASSERT_FALSE(stop.has_value()) << stop->error << stop->reason.zh;
        if (expect.contains("target")) {
            EXPECT_THAT(head, testing::HasSubstr(" " + expect.at("target").get<std::string>() + " HTTP/1.1\r\n"));
        }
        const Json headers = expect.value("headers", Json::object());
        for (const auto& [name, value] : headers.items()) {
            EXPECT_THAT(head, testing::HasSubstr("\r\n" + name + ": " + value.get<std::string>() + "\r\n"));
        }
        for (const auto& name : expect.value("headers_absent", Json::array())) {
            EXPECT_EQ(core::lowerCase(head).find("\r\n" + core::lowerCase(name.get<std::string>()) + ":"),
                      std::string::npos)
                << name;
        }
    }

    Json fixture_;
};

TEST_P(HookFixture, HoldsAsRecorded) {
    const test::FakeSystem system(fs::path(GetParam()).parent_path().parent_path().filename().string());
    const auto& hook = system.adapter->hook();
    ASSERT_NE(hook, nullptr) << "the manifest names no traffic script";
    const auto& asked = fixture_.at("request");
    const std::string target = asked.at("target");
    const std::string method = asked.value("method", "GET");
    const Recorded fields(asked.value("headers", Json::array()));
    net::RequestHead request;
    request.method = method;
    request.target = target;
    request.fields = fields.fields();
    std::optional<policy::Subject> subject;
    if (fixture_.contains("person")) subject = subjectOf(fixture_.at("person"));
    HookStates states(system.clock);
    HookStage stage;
    const HookCall call{
        *system.route, states, request, subject ? &*subject : nullptr, target, core::splitTarget(target).path.size()};
    std::string head;
    std::optional<ScriptStop> stop;
    if (hook->onRequest()) stop = stage.request(call);
    if (!stop) {
        const test::StillExchange exchange(request);
        ASSERT_TRUE(
            writeRequestHead(exchange, {stage.targetToSend(target), *system.route, nullptr, stage.ofRequest()}, head)
                .ok());
    }
    if (!fixture_.contains("response")) return check(stop, head);
    ASSERT_FALSE(stop.has_value()) << "the request was stopped already";
    ASSERT_TRUE(hook->onResponse());
    const Recorded answered(fixture_.at("response").value("headers", Json::array()));
    net::ResponseHead response;
    response.status = fixture_.at("response").at("status");
    response.fields = answered.fields();
    stop = stage.answer(call, response);
    head.clear();
    if (!stop) writeAnswerHead(response, *system.route, head, stage.ofAnswer());
    check(stop, head);
}

INSTANTIATE_TEST_SUITE_P(Recorded, HookFixture, testing::ValuesIn(hookFixtures()), [](const auto& chosen) {
    const fs::path path(chosen.param);
    std::string name = path.parent_path().parent_path().filename().string() + "_" + path.stem().string();
    std::replace_if(
        name.begin(), name.end(), [](char c) { return !core::isAlpha(c) && !core::isDigit(c); }, '_');
    return name;
});

}  // namespace
}  // namespace yimen::gateway
