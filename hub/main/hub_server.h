#pragma once

#include <atomic>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

#include "admin/api.h"
#include "core/published.h"
#include "gateway/gateway.h"
#include "http/security_headers.h"
#include "http/service.h"
#include "http/static_files.h"
#include "identity/throttle.h"
#include "main/data_services.h"
#include "main/foundation.h"
#include "main/generation.h"
#include "main/host_dispatcher.h"
#include "main/second_factor_parts.h"
#include "net/server.h"
#include "web/routes.h"

namespace yimen::main {

/// The running hub: wires every part to the others, and nothing else. Made, started, reloaded and stopped by one
/// thread (reload also from the API); its members are destroyed in reverse order.
class HubServer final : public admin::Operations {
public:
    explicit HubServer(std::unique_ptr<Foundation> foundation);
    ~HubServer() override;

    /// Listens and serves when it returns. The error says what to mend.
    core::Status start();
    /// Drains and stops.
    void stop();
    /// After log rotation.
    void reopenLogs();

    core::Result<Reloaded> reload(std::vector<std::string>& faults) override;
    core::Result<ChainState> verifyAudit() override;
    core::Result<audit::AuditPage> readAudit(const audit::AuditQuery& query) override;
    identity::ImportReport checkImport(const identity::ImportFiles& files) override;
    core::Result<identity::ImportReport> applyImport(const identity::ImportFiles& files) override;

    /// Address of the hub host, once started.
    const core::Url& url() const noexcept { return site_.hubUrl; }

private:
    core::Status prepareSessions();
    bool maySignIn(store::PersonId id) const;
    core::Status preparePages();
    core::Status useData(const config::Snapshot& config);
    core::Status mountRoutes();
    http::ServiceHooks hooks();
    std::optional<http::Response> fallback(const http::Request& request) const;
    std::string metricsText() const;
    void maintain();
    void flushSessions();

    std::unique_ptr<Foundation> base_;
    web::Site site_;
    std::unique_ptr<net::WorkerPool> kdfPool_;
    std::unique_ptr<net::WorkerPool> ioPool_;
    std::unique_ptr<net::WorkerPool> signOnPool_;
    std::unique_ptr<identity::SessionTable> sessions_;
    std::unique_ptr<identity::EntryCodes> entryCodes_;
    std::unique_ptr<identity::LoginThrottle> throttle_;
    std::unique_ptr<SecondFactorParts> secondFactors_;
    std::unique_ptr<identity::DeviceCookies> devices_;
    std::unique_ptr<identity::PasswordAuthenticator> authenticator_;
    std::unique_ptr<VaultAccounts> accounts_;
    std::unique_ptr<gateway::AccessLog> accessLog_;
    std::unique_ptr<gateway::SystemSessions> systems_;
    std::unique_ptr<gateway::Gateway> gateway_;
    std::unique_ptr<http::CsrfGuard> csrf_;
    std::unique_ptr<http::LoginForms> loginForms_;
    std::unique_ptr<http::ReturnTargets> returnTargets_;
    std::shared_ptr<const http::Templates> templates_;
    std::shared_ptr<const http::StaticFiles> portal_;
    std::unique_ptr<http::SecurityHeaders> securityHeaders_;
    std::unique_ptr<web::Hub> hub_;
    std::unique_ptr<web::WebContext> web_;
    http::Router router_;
    std::unique_ptr<DataServices> data_;
    std::unique_ptr<http::Service> service_;
    std::unique_ptr<HostDispatcher> dispatcher_;
    std::unique_ptr<net::Server> server_;

    std::mutex reloading_;
    core::Published<Generation> generation_;
    std::atomic<std::uint64_t> generationNumber_{0};
    std::atomic<bool> ready_{false};
    std::atomic<bool> stopping_{false};
    std::mutex tickMutex_;
    std::condition_variable tick_;
    std::thread maintenance_;
};

}  // namespace yimen::main
