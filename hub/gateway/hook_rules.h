#pragma once

#include <string_view>

#include "adapter/hook_decision.h"
#include "core/result.h"
#include "gateway/route.h"

namespace yimen::gateway {

/// Which fields a traffic script may set or remove. What the gateway states itself stays out of its reach: framing,
/// connection, Host, cookies, the origin of a page, and every field that claims an identity, in any spelling, unless
/// the manifest declares it in `headers.identity`; even then not one that the sign-on engine writes. Any thread.
bool scriptMayTouchRequestField(const Route& route, std::string_view name) noexcept;
/// Of an answer: not framing, Set-Cookie, challenges, what speaks for the site as a whole, nor the caching of pages.
bool scriptMayTouchAnswerField(std::string_view name) noexcept;

/// kDenied names the first field that the script may not touch.
core::Status checkRequestDecision(const Route& route, const adapter::HookDecision& decision);
core::Status checkAnswerDecision(const adapter::HookDecision& decision);

}  // namespace yimen::gateway
