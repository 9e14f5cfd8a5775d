#pragma once

#include <string>
#include <vector>

#include "core/json.h"
#include "core/random.h"
#include "http/client.h"

namespace yimen::adapter {

/// Replays the exchanges of a fixture in order and notes every request that is not as recorded. One thread.
class FixtureClient final : public http::HttpClient {
public:
    /// `exchanges`: see adapters/README.md.
    FixtureClient(core::Json exchanges, std::string charset)
        : exchanges_(std::move(exchanges)), charset_(std::move(charset)) {}

    core::Result<http::ClientResponse> send(const http::ClientRequest& request) override;

    const std::vector<std::string>& faults() const noexcept { return faults_; }
    std::size_t left() const noexcept { return exchanges_.size() - next_; }

private:
    void check(const core::Json& expected, const http::ClientRequest& request);
    void checkForm(const core::Json& expected, const std::string& body);
    void fault(const std::string& what) { faults_.push_back("exchange " + std::to_string(next_) + ": " + what); }

    core::Json exchanges_;
    std::string charset_;
    std::size_t next_ = 0;
    std::vector<std::string> faults_;
};

/// Bytes 0x11, so that what is random in a request can stand in a fixture.
class FixtureRandom final : public core::Random {
public:
    void fill(std::span<std::uint8_t> out) override {
        for (auto& byte : out) byte = 0x11;
    }
};

}  // namespace yimen::adapter
