#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "core/random.h"
#include "sync/sources/http_source.h"

namespace yimen::sync::fixture {

/// A system that lives in the test: answers by a function, remembers what it was asked.
class FakeSystem final : public http::HttpClient {
public:
    using Answer = std::function<http::ClientResponse(const http::ClientRequest&)>;
    explicit FakeSystem(Answer answer) : answer_(std::move(answer)) {}
    core::Result<http::ClientResponse> send(const http::ClientRequest& request) override {
        requests.push_back(request);
        auto response = answer_(request);
        if (response.status == 0)
            return core::makeError(core::ErrorCode::kTimeout, "the system did not answer in time");
        return response;
    }
    std::vector<http::ClientRequest> requests;

private:
    Answer answer_;
};

inline http::ClientResponse answer(std::string body, int status = 200, std::vector<http::ClientField> fields = {}) {
    http::ClientResponse response;
    response.status = status;
    response.fields = std::move(fields);
    response.body = std::move(body);
    return response;
}

/// The decoded parameters of a request's query.
inline std::map<std::string, std::string> query(const http::ClientRequest& request) {
    std::map<std::string, std::string> all;
    for (auto& [name, value] : core::parseForm(request.url.query).value()) all[name] = value;
    return all;
}

inline int numberOf(const http::ClientRequest& request, const std::string& name) {
    const auto all = query(request);
    return all.count(name) > 0 ? std::stoi(all.at(name)) : -1;
}

inline std::string field(const http::ClientRequest& request, std::string_view name) {
    for (const auto& one : request.fields) {
        if (one.name == name) return one.value;
    }
    return "";
}

/// 2026-11-21T00:00:00Z
inline core::WallTime testNow() {
    return core::fromUnixSeconds(1'795'219'200);
}

inline core::Result<core::Secret> testSecret(const std::string& reference) {
    if (reference != "env:KEY") return core::makeError(core::ErrorCode::kNotFound, "no such secret");
    return core::Secret("s3cret");
}

class CountingRandom final : public core::Random {
public:
    void fill(std::span<std::uint8_t> out) override {
        for (auto& byte : out) byte = 0xAB;
    }
};

/// Client, clock and random of a source under test.
struct Outside {
    explicit Outside(FakeSystem::Answer answer) : system(std::make_shared<FakeSystem>(std::move(answer))) {}
    HttpParts parts() { return {system, &clock, &random, signOn}; }
    std::shared_ptr<FakeSystem> system;
    core::ManualClock clock{testNow()};
    CountingRandom random;
    std::shared_ptr<HttpSignOn> signOn;
};

inline core::Result<HttpSpec> specOf(const std::string& source, const std::string& read) {
    const auto sourceYaml =
        config::YamlDocument::parse("kind: http\nbase: https://sys.example/app\n" + source, "data.yaml");
    const auto readYaml = config::YamlDocument::parse(read, "data.yaml");
    if (!sourceYaml.ok()) return sourceYaml.error();
    if (!readYaml.ok()) return readYaml.error();
    return readHttpSpec(sourceYaml->root(), readYaml->root(), testSecret);
}

/// What a whole read gave.
struct ReadAll {
    std::vector<std::string> rows;  ///< cells joined by '|', null as "~"
    std::vector<Reject> rejected;
    std::vector<Position> positions;  ///< after each batch
    Position position;
    std::string error;
    std::string detail;
    core::ErrorCode code = core::ErrorCode::kInternal;
};

inline ReadAll readSource(Source& source, ReadMode mode = ReadMode::kFull, const Position& from = {}) {
    ReadAll out;
    auto reader = source.open({"", ""}, mode, from);
    const auto fail = [&](const core::Error& error) {
        out.error = error.message;
        out.detail = error.detail;
        out.code = error.code;
        return out;
    };
    if (!reader.ok()) return fail(reader.error());
    const std::size_t columns = source.describe().value().size();
    Batch batch;
    while (true) {
        batch.reset(columns);
        auto state = (*reader)->read(batch);
        if (!state.ok()) return fail(state.error());
        for (std::size_t row = 0; row < batch.rows(); ++row) {
            std::string line;
            for (std::size_t i = 0; i < columns; ++i) {
                line += (i > 0 ? "|" : "") + std::string(batch.isNull(row, i) ? "~" : batch.text(row, i));
            }
            out.rows.push_back(line);
        }
        for (auto& reject : state->rejected) out.rejected.push_back(std::move(reject));
        out.position = state->position;
        out.positions.push_back(state->position);
        if (state->end) return out;
    }
}

}  // namespace yimen::sync::fixture
