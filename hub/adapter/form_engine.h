#pragma once

#include "adapter/engine_base.h"
#include "adapter/hooks.h"

namespace yimen::adapter {

/// Form replay on the server: fetch the login page, take the form with its hidden fields (CSRF token, ViewState, random
/// key), lay the account over it, let the adapter's script change it (hashed passwords), post it in the page's charset
/// with Referer and Origin, and judge the answer by the declared signs. Carries form_csrf, jsp_form_gbk, form_js_md5
/// and aspnet_viewstate; they differ in their manifests only.
class FormEngine final : public EngineBase {
public:
    /// `hooks` may be null.
    FormEngine(std::shared_ptr<const Manifest> manifest, std::shared_ptr<const Hooks> hooks)
        : EngineBase(std::move(manifest)), hooks_(std::move(hooks)) {}

    core::Result<SignOnOutcome> signOn(const SignOnContext& context) const override;

private:
    struct Ready {
        HtmlForm form;
        std::string target;
        std::string html;
    };
    core::Result<Ready> findForm(Exchange& exchange, const std::string& page,
                                 const http::ClientResponse& response) const;
    core::Status fillForm(Exchange& exchange, Ready& ready) const;
    SignOnOutcome submit(Exchange& exchange, const Ready& ready, const std::string& page) const;
    SignOnOutcome confirm(Exchange& exchange) const;

    std::shared_ptr<const Hooks> hooks_;
};

}  // namespace yimen::adapter
