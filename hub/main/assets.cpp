#include "main/assets.h"

#include "core/file.h"
#include "core/json.h"

namespace yimen::main {

core::Result<Assets> loadAssets(const config::Snapshot& config, const core::Url& hubUrl) {
    Assets assets;
    if (config.portalDir.empty()) {
        return core::makeError(core::ErrorCode::kInvalidInput,
                               "portal_dir is not set: point it at the built portal (portal/dist)");
    }
    http::StaticFilesOptions options;
    options.spaIndex = "index.html";
    options.maxFileBytes = config.limits.maxStaticFile;
    options.maxTotalBytes = config.limits.maxStaticTotal;
    YIMEN_TRY(assets.portal, http::StaticFiles::load(config.portalDir, options));
    YIMEN_TRY(assets.templates, http::Templates::load(core::parentDirectory(config.portalDir) + "/login"));
    YIMEN_TRY(const auto text, core::readFile(config.portalDir + "/manifest.json", 1024 * 1024));
    YIMEN_TRY(const auto manifest, core::parseJson(text));
    const auto names = manifest.value("assets", core::Json::object());
    const core::JsonReader reader(names, "$.assets");
    YIMEN_TRY(assets.loginCss, reader.text("login.css"));
    YIMEN_TRY(assets.loginJs, reader.text("login.js"));
    YIMEN_TRY(assets.mark, reader.text("mark.svg"));

    const auto csp = manifest.value("csp", core::Json::object());
    const auto hashes = [&](const char* kind) {
        std::vector<std::string> out;
        for (const auto& hash : csp.value(kind, core::Json::array())) {
            // "'sha256-...'" in the manifest; the policy writes its own quotes.
            std::string plain = hash.get<std::string>();
            std::erase(plain, '\'');
            out.push_back(std::move(plain));
        }
        return out;
    };
    assets.policy.scriptHashes = hashes("script");
    assets.policy.styleHashes = hashes("style");
    core::Url apps = hubUrl;
    apps.host = "*." + config.server.appDomain;
    assets.policy.formTargets.push_back(apps.origin());
    return assets;
}

}  // namespace yimen::main
