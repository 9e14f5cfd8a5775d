#pragma once

#include "http/router.h"
#include "web/caller.h"
#include "web/page.h"

namespace yimen::web {

/// What every page needs, made once. Outlives the router.
struct WebContext {
    explicit WebContext(const Hub& services) : hub(services), pages(services), guard(services) {}
    const Hub& hub;
    Pages pages;
    CallerGuard guard;
};

/// Each adds its pages to the hub host's router. The context must outlive the router.
/// GET+POST /login, GET /ui.
core::Status mountLogin(http::Router& router, const WebContext& context);
/// GET+POST /password (a password that must be replaced), GET+POST /setup/{token} (first administrator).
core::Status mountAccount(http::Router& router, const WebContext& context);
/// GET+POST /logout.
core::Status mountLogout(http::Router& router, const WebContext& context);
/// GET+POST /step-up: a second factor, then back to where the person wanted to go.
core::Status mountStepUp(http::Router& router, const WebContext& context);
/// GET /go/{id}: from the portal into a system; GET /trouble: why it did not work.
core::Status mountGo(http::Router& router, const WebContext& context);

}  // namespace yimen::web
