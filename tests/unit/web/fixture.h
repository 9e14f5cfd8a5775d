#pragma once

#include <map>

#include "core/ascii.h"
#include "identity/totp.h"
#include "policy/lua_condition.h"
#include "support/repository.h"
#include "unit/gateway/fixture.h"
#include "unit/identity/counting_hashing.h"
#include "unit/identity/fixture.h"
#include "web/routes.h"
#include "web/sign_in.h"
#include "web/step_up.h"

namespace yimen::web::test {

inline const std::string kHub{kHubCookie};

/// Remembers what was audited, or refuses it.
class AuditMemory final : public audit::AuditSink {
public:
    void append(audit::AuditEvent event, Durable durable) override {
        if (down) return durable(core::makeError(core::ErrorCode::kUnavailable, "no disk"));
        events.push_back(std::move(event));
        durable({});
    }
    /// "type reason=... method=...", the fields that vary left out.
    std::string last() const {
        if (events.empty()) return {};
        std::string text = events.back().type + ' ' + events.back().actor;
        if (!events.back().subject.empty()) text += " of " + events.back().subject;
        for (const auto& [name, value] : events.back().fields) {
            if (name != "trace" && name != "session") text += ' ' + name + '=' + value;
        }
        return text;
    }
    std::vector<audit::AuditEvent> events;
    bool down = false;
};

class MemorySeeds final : public identity::SeedKeeper {
public:
    core::Status put(store::PersonId person, const core::Secret& seed) override {
        seeds[person] = seed;
        return {};
    }
    core::Result<core::Secret> open(store::PersonId person, const std::string&) override { return seeds.at(person); }
    core::Status remove(store::PersonId person) override {
        seeds.erase(person);
        return {};
    }
    std::map<store::PersonId, core::Secret> seeds;
};

/// What the gateway and the vault report and ask, and nobody needs here.
class Nobody final : public gateway::AccountSource,
                     public gateway::SystemSessionEvents,
                     public gateway::GatewayEvents,
                     public vault::AccessRecorder {
public:
    core::Result<Account> open(store::PersonId, const adapter::Manifest&, const std::string&) override {
        return Account{};
    }
    void worked(store::PersonId, const std::string&, const Account&) override {}
    void refused(store::PersonId, const std::string&, const Account&, adapter::Outcome) override {}
    void signedOn(store::PersonId, const std::string&, const gateway::SignOnReport&) override {}
    void signedOff(store::PersonId, const std::string&, const adapter::SignOnOutcome&) override {}
    void forgedFields(store::PersonId, const std::string&, std::string_view, std::size_t) override {}
    void denied(store::PersonId, const std::string&, std::string_view, std::string_view, std::string_view) override {}
    core::Status record(const vault::SecretAccess&) override { return {}; }
};

/// The hub host with the rules, templates and adapters of the repository, without a network. Answers come straight from
/// the router.
class HubWorld {
public:
    HubWorld() {
        const std::string root = yimen::test::repository();
        adapter::CatalogOptions options;
        options.folder = root + "/adapters";
        options.clock = &world.clock;
        for (const char* id : {"dl-video", "qu-tourism"}) {
            options.systems[id].origins = {core::Url::parse("http://10.1.2.3:8001").value()};
        }
        options.clients = [](const adapter::Manifest&, const adapter::SystemSettings&) {
            return std::make_shared<gateway::test::NoClient>();
        };
        catalog = adapter::Catalog::load(options).value();
        const auto rules = policy::loadRules(root + "/policies", policy::luaSources(world.clock)).value();
        gateway.setPolicy(policy::PolicyEngine::build(
            rules, {{"dl-video", "security", "city"}, {"qu-tourism", "tourism", "district"}}));
        auto routes = std::make_shared<gateway::RouteTable>();
        for (const auto* system : {&video, &tourism}) routes->add(system->route->id + ".yimen.test", system->route);
        gateway.setRoutes(std::move(routes));
        site.hubUrl = hubUrl;
        YIMEN_CHECK(directory.reload().ok());
    }

    /// Somebody with a post, a password "Right-1" and a session; the cookie is kept.
    identity::PersonId signIn(const std::string& name, const std::string& unit, const std::string& roles) {
        const auto person = world.person(name);
        store::PostRecord post;
        post.person = person;
        post.org = world.organisation(unit, store::OrgKind::kDepartment, 0);
        post.title = "科员";
        post.roles = roles;
        EXPECT_TRUE(world.stores.posts->create(post).ok());
        EXPECT_TRUE(directory.reload().ok());
        EXPECT_TRUE(world.stores.credentials->set({person, "new:Right-1", world.clock.wall(), false}, 1).ok());
        auto made = sessions.create({person, 0, identity::Assurance::kPassword, "10.1.2.3", "Firefox"});
        EXPECT_TRUE(made.ok());
        cookies[kHub] = made->cookie;
        session = made->session;
        return person;
    }
    /// Gives the person a second factor; returns its seed.
    core::Bytes enrol(identity::PersonId person) {
        const auto record = **world.stores.people->get(person);
        auto setup = factors.begin(record, session->id());
        EXPECT_TRUE(setup.ok());
        core::Bytes seed(identity::kTotpSeedBytes);
        const std::string pattern(setup->base32.reveal());
        std::uint32_t pending = 0;
        unsigned bits = 0;
        std::size_t at = 0;
        for (const char c : pattern) {
            pending = pending << 5 | static_cast<std::uint32_t>(c >= 'A' ? c - 'A' : c - '2' + 26);
            bits += 5;
            if (bits < 8) continue;
            bits -= 8;
            seed.at(at++) = static_cast<std::uint8_t>(pending >> bits & 0xffU);
        }
        const core::Secret code(codeNow(seed));
        EXPECT_TRUE(factors.confirm({person, session->id(), setup->ticket, code, "手机"}).ok());
        world.clock.advance(std::chrono::seconds(60));
        return seed;
    }
    std::string codeNow(const core::Bytes& seed) const {
        return identity::hotp(seed, static_cast<std::uint64_t>(identity::totpStepAt(world.clock.wall())));
    }

    http::Response get(const std::string& target) { return ask("GET", target, "", ""); }
    http::Response post(const std::string& target, const core::FormPairs& fields) {
        return ask("POST", target, "application/x-www-form-urlencoded", core::writeForm(fields));
    }
    http::Response api(const std::string& method, const std::string& target, const core::Json& body = {}) {
        return ask(method, target, "application/json", body.is_null() ? "" : core::writeJson(body));
    }
    http::Response ask(const std::string& method, const std::string& target, const std::string& type,
                       const std::string& body) {
        http::Request request;
        request.method = method;
        request.path = target.substr(0, target.find('?'));
        if (target.size() > request.path.size()) request.rawQuery = target.substr(request.path.size() + 1);
        request.query = http::Params(core::parseForm(request.rawQuery).value());
        request.peerIp = "10.1.2.3";
        request.requestId = "trace-1";
        request.body = body;
        request.headers.set("Origin", origin);
        request.headers.set("Accept-Language", "en");
        if (!type.empty()) request.headers.set("Content-Type", type);
        if ((type == "application/json" || type == "text/csv") && session) {
            request.headers.set("X-CSRF-Token", csrf.tokenFor(session->id().hex()));
        }
        for (const auto& [name, value] : cookies) request.cookies.add(name, value);
        auto response = router.dispatch(std::move(request));
        for (const auto& [name, value] : response.headers) keep(name, value);
        return response;
    }

    identity::test::World world;
    gateway::test::FakeSystem video{"dl-video"};
    gateway::test::FakeSystem tourism{"qu-tourism"};  ///< everybody has an account of his own there
    core::Url hubUrl = core::Url::parse("https://yimen.test").value();
    std::string origin = "https://yimen.test";
    std::map<std::string, std::string> cookies;
    identity::SessionHandle session;
    AuditMemory audit;
    MemorySeeds seeds;
    std::shared_ptr<const adapter::Catalog> catalog;
    http::Router router;

private:
    void keep(std::string_view name, std::string_view value) {
        if (!core::equalIgnoreCase(name, "Set-Cookie")) return;
        const auto equals = value.find('=');
        cookies[std::string(value.substr(0, equals))] = value.substr(equals + 1, value.find(';') - equals - 1);
    }

    Nobody nobody;
    Site site;
    identity::DirectoryHolder directory{world.stores};

public:
    identity::SessionTable sessions{{}, {world.clock, world.random, *world.stores.sessions, world.sealer, {}}};

private:
    identity::EntryCodes entryCodes{{}, sessions, world.clock, world.random};

public:
    identity::CountingHashing hashing;

private:
    identity::PasswordPolicy passwordPolicy;
    identity::LoginThrottle throttle{{}, world.clock, *world.stores.locks};
    identity::LoginThrottle codeThrottle{{}, world.clock, *world.stores.locks};
    identity::DeviceCookies devices{world.sealer, world.clock, world.random};
    identity::DeviceCookies codeDevices{world.sealer, world.clock, world.random, identity::DeviceCookies::kCodePurpose};
    identity::PasswordAuthenticator authenticator{
        {world.stores, directory, hashing, passwordPolicy, throttle, devices, world.clock}};
    identity::PasswordService passwords{{world.stores, directory, hashing, passwordPolicy, world.clock}};

public:
    identity::PeopleService people{{world.stores, directory, world.clock}};
    identity::OneTimeLinks oneTimeLinks{*world.stores.oneTimeTokens, world.clock, world.random};
    identity::SecondFactors factors{
        {}, {world.stores, seeds, codeThrottle, codeDevices, world.sealer, world.clock, world.random}};

private:
    vault::Vault vault{{*world.stores.secrets, world.clock, world.random, nobody},
                       std::make_shared<const crypto::KeyRing>(world.keys)};
    net::WorkerPool pool{{"sign_on", 1, 4}};
    gateway::SystemSessions systems{{nobody, nobody, pool, world.clock, world.random}};
    std::unique_ptr<gateway::AccessLog> accessLog = gateway::AccessLog::open("").value();
    gateway::Gateway gateway{
        {sessions, entryCodes, directory, systems, *accessLog, nobody, world.clock, std::chrono::minutes(480)}};
    http::CsrfGuard csrf{world.keys.deriveActive("csrf"), hubUrl};
    http::LoginForms loginForms{world.keys.deriveActive("login-form"), world.random, world.clock};
    http::ReturnTargets returnTargets{hubUrl, [](std::string_view host) { return host == "dl-video.yimen.test"; }};
    std::shared_ptr<const http::Templates> templates =
        http::Templates::load(yimen::test::repository() + "/portal/login").value();
    Hub hub{site,          world.clock,
            world.random,  world.stores,
            directory,     sessions,
            entryCodes,    authenticator,
            passwords,     people,
            oneTimeLinks,  factors,
            vault,         gateway,
            systems,       audit,
            csrf,          loginForms,
            returnTargets, *templates,
            *world.sealer, [this] { return catalog; }};

public:
    WebContext context{hub};
};

inline std::string location(const http::Response& response) {
    return std::string(response.headers.first("Location"));
}

/// What a Set-Cookie field says after the value: "; Path=/; Secure; ..."; "" when there is none of that name.
inline std::string cookieAttributes(const http::Response& response, std::string_view name) {
    for (const auto& [field, text] : response.headers) {
        const std::string_view value = text;
        if (!core::equalIgnoreCase(field, "Set-Cookie") || !value.starts_with(std::string(name) + '=')) continue;
        return std::string(value.substr(std::min(value.find(';'), value.size())));
    }
    return {};
}

/// Value of a hidden field of a page.
inline std::string fieldOf(const http::Response& page, const std::string& name) {
    const std::string before = "name=\"" + name + "\" value=\"";
    const auto at = page.body.find(before);
    if (at == std::string::npos) return {};
    const auto start = at + before.size();
    return page.body.substr(start, page.body.find('"', start) - start);
}

}  // namespace yimen::web::test
