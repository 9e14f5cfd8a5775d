#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>

#include "adapter/engine_base.h"
#include "adapter/system_adapter.h"
#include "support/repository.h"
#include "unit/adapter/fixture_client.h"

namespace yimen::adapter {

/// Collects what an engine sets.
class FieldMap final : public HeaderSink {
public:
    void set(std::string_view name, std::string_view value) override { values[std::string(name)] = value; }
    std::map<std::string, std::string> values;
};

/// One of the adapters of the repository on recorded exchanges and a clock that is moved by hand.
struct EngineHarness {
    /// `change` may alter the manifest before the engine is made.
    explicit EngineHarness(const std::string& id, const std::string& exchanges = "[]",
                           const std::function<void(Manifest&)>& change = {}) {
        auto manifest = Manifest::load(yimen::test::repository() + "/adapters/" + id);
        YIMEN_CHECK(manifest.ok());
        manifest->origin.servers = {core::Url::parse("http://system.test:8001").value()};
        if (change) change(*manifest);
        auto parsed = core::parseJson(exchanges);
        YIMEN_CHECK(parsed.ok());
        client = std::make_shared<FixtureClient>(*parsed, manifest->origin.charset);
        auto shared = std::make_shared<const Manifest>(*manifest);
        auto engine = makeEngine(shared);
        YIMEN_CHECK(engine.ok());
        system = std::make_unique<SystemAdapter>(shared, std::move(engine).value(), client, clock);
        session = system->newSession();
    }
    SignOnContext context() { return {*client, *session, secrets, clock, random}; }
    core::Result<SignOnOutcome> signOn() { return system->engine().signOn(context()); }
    void secret(const std::string& name, const std::string& value) { secrets[name] = core::Secret(value); }
    /// The fields of the next request, or what went wrong in "error".
    std::map<std::string, std::string> next(const std::string& target, const std::string& method = "GET") {
        FieldMap fields;
        const auto status = system->prepare(*session, {method, target, {}}, fields);
        if (!status.ok()) fields.values["error"] = std::string(core::toString(status.error().code));
        return fields.values;
    }
    Verdict absorb(int status, const std::vector<HeaderRef>& headers, const std::string& target = "/") {
        return system->absorb(*session, {status, headers, target});
    }

    core::ManualClock clock{core::fromUnixSeconds(1767225600)};
    FixtureRandom random;
    SecretMap secrets;
    std::shared_ptr<FixtureClient> client;
    std::unique_ptr<SystemAdapter> system;
    std::shared_ptr<SystemSession> session;
};

}  // namespace yimen::adapter
