#include "main/hub_server.h"

#include "audit/verify.h"
#include "config/loader.h"
#include "core/log.h"
#include "core/path.h"
#include "main/assets.h"
#include "main/first_admin.h"
#include "main/free_port.h"
#include "main/metrics.h"
#include "main/probes.h"
#include "main/settings.h"
#include "web/caller.h"

namespace yimen::main {

using core::ErrorCode;
using core::makeError;
using http::Request;
using http::Response;

namespace {

constexpr std::chrono::seconds kMaintenanceStep{3};

}  // namespace

HubServer::HubServer(std::unique_ptr<Foundation> foundation) : base_(std::move(foundation)) {}

HubServer::~HubServer() {
    stop();
}

core::Status HubServer::start() {
    const auto& config = *base_->config;
    auto server = serverOf(config);
    for (auto& listener : server.listeners) {
        // The public address is part of every link and cookie check, so the port must be known before it is opened.
        if (listener.port != 0) continue;
        YIMEN_TRY(listener.port, freePort(listener.address));
    }
    const std::uint16_t port = config.server.publicPort != 0 ? config.server.publicPort : server.listeners.front().port;
    site_ = siteOf(config, port);
    YIMEN_TRY(auto assets, loadAssets(config, site_.hubUrl));
    site_.loginCss = std::move(assets.loginCss);
    site_.loginJs = std::move(assets.loginJs);
    site_.mark = std::move(assets.mark);
    portal_ = std::move(assets.portal);
    templates_ = std::move(assets.templates);
    securityHeaders_ = std::make_unique<http::SecurityHeaders>(std::move(assets.policy));

    YIMEN_TRY_STATUS(prepareSessions());
    YIMEN_TRY_STATUS(preparePages());
    data_ = std::make_unique<DataServices>(*base_, site_.utcOffset);
    YIMEN_TRY_STATUS(mountRoutes());
    service_ =
        std::make_unique<http::Service>(router_, http::Service::Pools{*kdfPool_, *ioPool_}, base_->random, hooks());
    dispatcher_ = std::make_unique<HostDispatcher>(config.server.hubHost, *service_, *gateway_);
    server_ = std::make_unique<net::Server>(std::move(server), *dispatcher_, base_->clock, base_->random);
    YIMEN_TRY_STATUS(server_->start());
    maintenance_ = std::thread([this] { maintain(); });
    ready_ = true;
    core::logInfo("hub.ready", {{"url", site_.hubUrl.origin()},
                                {"systems", static_cast<std::int64_t>(generation_.load()->catalog->systems().size())}});
    return announceFirstAdmin(*base_, site_.hubUrl);
}

core::Status HubServer::prepareSessions() {
    const auto& config = *base_->config;
    kdfPool_ = std::make_unique<net::WorkerPool>(poolOf("kdf", config.pools.kdf, kHashNiceness));
    ioPool_ = std::make_unique<net::WorkerPool>(poolOf("io", config.pools.io));
    signOnPool_ = std::make_unique<net::WorkerPool>(poolOf("sign_on", config.pools.signOn));

    auto limits = sessionsOf(config.sessions);
    limits.stepUpFor = seconds(config.secondFactor.stepUpFor);
    sessions_ = std::make_unique<identity::SessionTable>(
        limits,
        identity::SessionTable::Dependencies{base_->clock, base_->random, *base_->stores.sessions, base_->tickets,
                                             [this](store::PersonId person) { return maySignIn(person); }});
    YIMEN_TRY_STATUS(sessions_->load());
    identity::EntryCodes::Limits codeLimits;
    codeLimits.lifetime = seconds(config.sessions.codeLifetime);
    entryCodes_ = std::make_unique<identity::EntryCodes>(codeLimits, *sessions_, base_->clock, base_->random);
    throttle_ =
        std::make_unique<identity::LoginThrottle>(throttleOf(config.throttle), base_->clock, *base_->stores.locks);
    YIMEN_TRY_STATUS(throttle_->load());
    secondFactors_ = std::make_unique<SecondFactorParts>(*base_);
    YIMEN_TRY_STATUS(secondFactors_->throttle.load());
    devices_ = std::make_unique<identity::DeviceCookies>(base_->tickets, base_->clock, base_->random);
    authenticator_ = std::make_unique<identity::PasswordAuthenticator>(
        identity::PasswordAuthenticator::Dependencies{base_->stores, *base_->directory, *base_->hashing,
                                                      *base_->passwordPolicy, *throttle_, *devices_, base_->clock});

    YIMEN_TRY(accessLog_, gateway::AccessLog::open(accessLogOf(config)));
    accounts_ = std::make_unique<VaultAccounts>(*base_->vault);
    systems_ = std::make_unique<gateway::SystemSessions>(
        gateway::SystemSessions::Dependencies{*accounts_, *base_->recorder, *signOnPool_, base_->clock, base_->random});
    gateway_ = std::make_unique<gateway::Gateway>(
        gateway::Gateway::Dependencies{*sessions_, *entryCodes_, *base_->directory, *systems_, *accessLog_,
                                       *base_->recorder, base_->clock, site_.utcOffset});
    sessions_->onEnd([this](const identity::SessionHandle& session, identity::SessionTable::EndReason) {
        systems_->leaveAll(*session);
    });
    std::vector<std::string> faults;
    YIMEN_TRY(auto first, loadGeneration(config, site_.hubUrl.port, base_->clock, nullptr, faults));
    gateway_->setRoutes(first.routes);
    gateway_->setPolicy(first.policy);
    generation_.store(std::make_shared<const Generation>(std::move(first)));
    generationNumber_ = 1;
    return {};
}

bool HubServer::maySignIn(store::PersonId id) const {
    const auto directory = base_->directory->current();
    const auto* person = directory->person(id);
    if (person == nullptr || person->state != store::PersonState::kActive) return false;
    return person->expiresAt == core::WallTime{} || base_->clock.wall() < person->expiresAt;
}

core::Status HubServer::preparePages() {
    csrf_ = std::make_unique<http::CsrfGuard>(base_->keys->deriveActive("csrf"), site_.hubUrl);
    loginForms_ =
        std::make_unique<http::LoginForms>(base_->keys->deriveActive("login-form"), base_->random, base_->clock);
    returnTargets_ = std::make_unique<http::ReturnTargets>(
        site_.hubUrl, [this](std::string_view host) { return gateway_->routes()->find(host) != nullptr; });
    hub_ = std::make_unique<web::Hub>(web::Hub{site_,
                                               base_->clock,
                                               base_->random,
                                               base_->stores,
                                               *base_->directory,
                                               *sessions_,
                                               *entryCodes_,
                                               *authenticator_,
                                               *base_->passwords,
                                               *base_->people,
                                               *base_->oneTimeLinks,
                                               secondFactors_->service,
                                               *base_->vault,
                                               *gateway_,
                                               *systems_,
                                               *base_->audit,
                                               *csrf_,
                                               *loginForms_,
                                               *returnTargets_,
                                               *templates_,
                                               *base_->tickets,
                                               [this] { return generation_.load()->catalog; }});
    web_ = std::make_unique<web::WebContext>(*hub_);
    base_->people->onClosed([this](store::PersonId person) {
        const auto ended = sessions_->endAll(person, {}, identity::SessionTable::EndReason::kEndedByOther);
        if (!ended.ok()) core::logError("session.end_failed", {{"error", ended.error().describe()}});
    });
    return {};
}

core::Status HubServer::mountRoutes() {
    YIMEN_TRY_STATUS(web::mountLogin(router_, *web_));
    YIMEN_TRY_STATUS(web::mountAccount(router_, *web_));
    YIMEN_TRY_STATUS(web::mountLogout(router_, *web_));
    YIMEN_TRY_STATUS(web::mountGo(router_, *web_));
    YIMEN_TRY_STATUS(web::mountStepUp(router_, *web_));
    YIMEN_TRY_STATUS(admin::mountMe(router_, *web_));
    YIMEN_TRY_STATUS(admin::mountSecondFactor(router_, *web_));
    YIMEN_TRY_STATUS(admin::mountSystems(router_, *web_));
    YIMEN_TRY_STATUS(admin::mountLinks(router_, *web_));
    YIMEN_TRY_STATUS(admin::mountSessions(router_, *web_));
    YIMEN_TRY_STATUS(admin::mountPeople(router_, *web_, *this));
    YIMEN_TRY_STATUS(admin::mountOperations(router_, *web_, *this));
    YIMEN_TRY_STATUS(data_->mount(router_, *web_));
    return mountProbes(router_, {[this] { return ready_.load(); }, [this] { return metricsText(); },
                                 networksOf(base_->config->metrics.allow)});
}

http::ServiceHooks HubServer::hooks() {
    http::ServiceHooks hooks;
    hooks.fallback = [this](const Request& request) { return fallback(request); };
    hooks.tooLong = [this](const Request& request) -> std::optional<Response> {
        if (core::pathIsUnder(request.path, "/api")) return std::nullopt;
        return web_->pages.message(request, 413, "提交的内容太大 / What was sent is too large",
                                   "请缩短后再试 / Shorten it and try again");
    };
    hooks.finish = [this](const Request& request, Response& response) {
        const bool api = request.path.starts_with("/api/");
        const bool asset = request.path.starts_with("/assets/");
        const auto kind =
            api ? http::ContentKind::kApi : (asset ? http::ContentKind::kStatic : http::ContentKind::kPage);
        securityHeaders_->apply(response, kind, request.secure);
    };
    return hooks;
}

/// Static files, and the portal's pages for people who are signed in.
std::optional<Response> HubServer::fallback(const Request& request) const {
    const bool page = request.path.find('.') == std::string::npos && !core::pathIsUnder(request.path, "/api");
    if (page && !web_->guard.callerOf(request).ok()) {
        const std::string back = request.rawQuery.empty() ? request.path : request.path + '?' + request.rawQuery;
        return Response::redirect(back == "/" ? "/login" : "/login?to=" + core::percentEncode(back));
    }
    if (request.path == "/manifest.json") return std::nullopt;
    if (core::pathIsUnder(request.path, "/api")) {
        return web::apiProblem(request, 404, "not_found", "没有这个接口", "No such call");
    }
    return portal_->serve(request);
}

void HubServer::flushSessions() {
    if (auto flushed = sessions_->flush(); !flushed.ok()) {
        core::logError("session.flush_failed", {{"error", flushed.error().describe()}});
    }
}

void HubServer::maintain() {
    std::unique_lock<std::mutex> lock(tickMutex_);
    unsigned round = 0;
    while (!stopping_) {
        tick_.wait_for(lock, kMaintenanceStep, [this] { return stopping_.load(); });
        if (stopping_) return;
        lock.unlock();
        flushSessions();
        if (++round % 10 == 0) systems_->tick();
        lock.lock();
    }
}

void HubServer::stop() {
    if (stopping_.exchange(true)) return;
    ready_ = false;
    tick_.notify_all();
    if (maintenance_.joinable()) maintenance_.join();
    if (data_) data_->stopEvents();
    if (server_ && !server_->stop(base_->config->server.drainTimeout)) core::logWarn("hub.cut_off");
    // Sign-offs and audit callbacks refer to what stands below: let the pools end first.
    signOnPool_.reset();
    ioPool_.reset();
    kdfPool_.reset();
    data_.reset();
    if (sessions_) flushSessions();
    core::logInfo("hub.stopped");
}

void HubServer::reopenLogs() {
    accessLog_->reopen();
}

core::Status HubServer::useData(const config::Snapshot& config) {
    YIMEN_TRY(auto systems, data_->read(config));
    return data_->use(std::move(systems));
}

core::Result<admin::Operations::Reloaded> HubServer::reload(std::vector<std::string>& faults) {
    const std::lock_guard<std::mutex> lock(reloading_);
    auto config = config::loadConfig(base_->config->file);
    if (!config.ok()) {
        faults.push_back(config.error().message);
        return config.error();
    }
    const auto before = generation_.load();
    auto next = loadGeneration(**config, site_.hubUrl.port, base_->clock, before.get(), faults);
    if (!next.ok()) {
        faults.push_back(next.error().message);
        core::logError("config.reload_refused", {{"error", next.error().describe()}});
        return next.error();
    }
    if (!faults.empty()) {
        return makeError(ErrorCode::kInvalidInput, "an adapter was refused; the former generation stays in force");
    }
    if (auto data = useData(**config); !data.ok()) {
        faults.push_back(data.error().message);
        core::logError("config.reload_refused", {{"error", data.error().describe()}});
        return data.error();
    }
    if (auto tls = server_->reloadTls(); !tls.ok()) {
        faults.push_back(tls.error().message);
        return tls.error();
    }
    gateway_->setRoutes(next->routes);
    gateway_->setPolicy(next->policy);
    Reloaded done{++generationNumber_, next->catalog->systems().size(), next->policy->rules().rules.size()};
    generation_.store(std::make_shared<const Generation>(std::move(*next)));
    core::logInfo("config.reloaded", {{"generation", static_cast<std::int64_t>(done.generation)}});
    return done;
}

core::Result<admin::Operations::ChainState> HubServer::verifyAudit() {
    audit::VerifyOptions options{auditDirectory(*base_->config), base_->config->audit.keyed};
    YIMEN_TRY(const auto report, audit::verify(options, base_->keys.get()));
    ChainState state{report.ok, static_cast<std::int64_t>(report.records), -1, report.head};
    if (!report.breaks.empty()) state.firstBad = static_cast<std::int64_t>(report.breaks.front().seq);
    return state;
}

core::Result<audit::AuditPage> HubServer::readAudit(const audit::AuditQuery& query) {
    return audit::readAudit(auditDirectory(*base_->config), query);
}

identity::ImportReport HubServer::checkImport(const identity::ImportFiles& files) {
    return base_->importer->check(files);
}

core::Result<identity::ImportReport> HubServer::applyImport(const identity::ImportFiles& files) {
    return base_->importer->apply(files);
}

std::string HubServer::metricsText() const {
    MetricsInput input{server_->metrics(), gateway_->metrics(), base_->audit->stats(), {}};
    for (const auto* pool : {kdfPool_.get(), ioPool_.get(), signOnPool_.get()}) {
        if (pool != nullptr) input.pools.emplace_back(pool->name(), pool->stats());
    }
    input.sessions = sessions_->size();
    input.systemSessions = systems_->size();
    input.keepAliveFailures = systems_->keepAliveFailures();
    input.accessLogDropped = accessLog_->droppedBytes();
    input.generation = generationNumber_;
    return writeMetrics(input);
}

}  // namespace yimen::main
