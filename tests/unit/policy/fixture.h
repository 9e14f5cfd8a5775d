#pragma once

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <string>

#include "policy/engine.h"
#include "policy/lua_condition.h"

namespace yimen::policy {

/// The systems of the demo.
inline std::vector<SystemInfo> demoSystems() {
    return {{"qu-tourism", "culture", "district"},      {"dl-8890", "hotline", "city"},
            {"nat-salvation", "civil", "national"},     {"ln-edu", "education", "province"},
            {"ln-forestfire", "emergency", "province"}, {"ln-emergency", "emergency", "province"},
            {"dl-video", "security", "city"},           {"qu-integrity", "supervision", "district"},
            {"qu-grid", "governance", "district"},      {"qu-oa", "office", "district"}};
}

/// A folder of rule files that lives for one test.
class RuleFolder {
public:
    RuleFolder() : path_(std::filesystem::path(testing::TempDir()) / ("yimen-rules-" + std::to_string(getpid()))) {
        std::filesystem::remove_all(path_);
        std::filesystem::create_directories(path_ / "tests");
    }
    RuleFolder(const RuleFolder&) = delete;
    RuleFolder& operator=(const RuleFolder&) = delete;
    ~RuleFolder() { std::filesystem::remove_all(path_); }

    void write(const std::string& name, const std::string& text) { std::ofstream(path_ / name) << text; }
    std::string path() const { return path_.string(); }

    static constexpr const char* kSite = R"(
zones:
  office: {title: {zh: 政务网, en: office}, ranges: ["10.0.0.0/8"]}
  mobile: {ranges: ["100.64.0.0/10", "2001:db8::/32"]}
roles: {clerk: {zh: 科员, en: clerk}, leader: {zh: 领导, en: leader}, admin: {zh: 管理员, en: admin}}
administrators: [admin]
units:
  housing: {code: H, title: {zh: 住建局, en: housing}}
  street: {code: S, title: {zh: 街道, en: street}}
)";
    static constexpr const char* kHub = R"(
rules:
  - {id: hub, title: hub, effect: allow, systems: [yimen], when: {role: admin}}
)";

    /// The engine of `rules` over kSite, or an empty pointer and the error as a failure of the test.
    std::shared_ptr<const PolicyEngine> engine(const std::string& rules) {
        write("00.yaml", kSite);
        write("50.yaml", rules);
        auto loaded = loadRules(path(), luaSources(clock_));
        EXPECT_TRUE(loaded.ok()) << loaded.error().describe();
        if (!loaded.ok()) return nullptr;
        return PolicyEngine::build(*loaded, demoSystems());
    }
    /// What is wrong with `rules`.
    std::string refusal(const std::string& rules) {
        write("00.yaml", kSite);
        write("50.yaml", rules);
        auto loaded = loadRules(path(), luaSources(clock_));
        return loaded.ok() ? "" : loaded.error().message;
    }

private:
    std::filesystem::path path_;
    core::SystemClock clock_;
};

/// A question with the members most tests do not care about filled in.
struct Question {
    Subject subject;
    std::string system = "qu-oa";
    std::string method = "GET";
    std::string path = "/";
    Environment environment{core::fromUnixSeconds(1795399200), core::IpAddress::parse("10.1.2.3").value()};

    Question() { subject.username = "wangmin"; }
    Question& role(const std::string& word) {
        subject.roles.push_back(word);
        return *this;
    }
    Question& post(std::vector<std::string> orgPath, const std::string& title, std::vector<std::string> roles) {
        subject.posts.push_back({0, std::move(orgPath), title, std::move(roles), {}});
        if (subject.actingPost == Subject::kNoPost) subject.actingPost = 0;
        return *this;
    }
    Question& from(const char* address) {
        environment.client = core::IpAddress::parse(address).value();
        return *this;
    }
    Question& asks(const std::string& verb, const std::string& where) {
        method = verb;
        path = where;
        return *this;
    }
    Resource resource() const { return {system, method, path}; }
    Decision decide(const PolicyEngine& engine) const { return engine.decide(subject, resource(), environment); }
    Explanation explain(const PolicyEngine& engine) const { return engine.explain(subject, resource(), environment); }
};

}  // namespace yimen::policy
