#include "adapter/digest_auth.h"

#include <algorithm>
#include <cstdio>

#include "core/ascii.h"
#include "core/bytes.h"
#include "crypto/digest.h"

namespace yimen::adapter {

namespace {

bool isTokenChar(char c) {
    return core::isAlpha(c) || core::isDigit(c) ||
           std::string_view("!#$%&'*+-.^_`|~").find(c) != std::string_view::npos;
}

/// Reads through a header value; every step moves on.
struct Scanner {
    std::string_view text;

    void skip(std::string_view marks) {
        const auto at = text.find_first_not_of(marks);
        text.remove_prefix(at == std::string_view::npos ? text.size() : at);
    }
    std::string_view token() {
        std::size_t length = 0;
        while (length < text.size() && isTokenChar(text[length])) ++length;
        const auto out = text.substr(0, length);
        text.remove_prefix(length);
        return out;
    }
    std::string value() {
        if (!text.starts_with('"')) return std::string(token());
        std::string out;
        std::size_t i = 1;
        for (; i < text.size() && text[i] != '"'; ++i) {
            if (text[i] == '\\' && i + 1 < text.size()) ++i;
            out.push_back(text[i]);
        }
        text.remove_prefix(std::min(i + 1, text.size()));
        return out;
    }
};

std::string inQuotes(std::string_view text) {
    std::string out = "\"";
    for (const char c : text) {
        if (c == '"' || c == '\\') out.push_back('\\');
        out.push_back(c);
    }
    return out + "\"";
}

bool listHas(std::string_view list, std::string_view word) {
    while (!list.empty()) {
        const auto comma = list.find(',');
        if (core::equalIgnoreCase(core::trim(list.substr(0, comma)), word)) return true;
        list = comma == std::string_view::npos ? std::string_view() : list.substr(comma + 1);
    }
    return false;
}

std::string algorithmOf(const AuthChallenge& challenge) {
    const std::string name = challenge.get("algorithm");
    if (name.empty() || core::equalIgnoreCase(name, "MD5")) return "MD5";
    return core::equalIgnoreCase(name, "SHA-256") ? "SHA-256" : "";
}

}  // namespace

std::string AuthChallenge::get(std::string_view name) const {
    const auto found = parameters.find(name);
    return found == parameters.end() ? std::string() : found->second;
}

std::vector<AuthChallenge> parseChallenges(std::string_view value) {
    std::vector<AuthChallenge> out;
    Scanner scan{value};
    for (;;) {
        scan.skip(", \t");
        const auto word = scan.token();
        if (word.empty()) return out;
        scan.skip(" \t");
        if (!scan.text.starts_with('=')) {
            out.push_back({std::string(word), {}});
            continue;
        }
        scan.text.remove_prefix(1);
        scan.skip(" \t");
        auto content = scan.value();
        if (!out.empty()) out.back().parameters.insert_or_assign(core::lowerCase(word), std::move(content));
    }
}

std::map<std::string, std::string, std::less<>> parseAuthParameters(std::string_view value) {
    auto challenges = parseChallenges("Info " + std::string(value));
    return challenges.empty() ? std::map<std::string, std::string, std::less<>>()
                              : std::move(challenges.front().parameters);
}

std::optional<AuthChallenge> chooseDigest(HeaderRefs headers, std::string_view preferred) {
    std::optional<AuthChallenge> chosen;
    for (const auto& field : headers) {
        if (!core::equalIgnoreCase(field.name, "www-authenticate")) continue;
        for (auto& challenge : parseChallenges(field.value)) {
            const bool usable = core::equalIgnoreCase(challenge.scheme, "digest") &&
                                listHas(challenge.get("qop"), "auth") && !challenge.get("nonce").empty();
            const auto algorithm = algorithmOf(challenge);
            if (!usable || algorithm.empty()) continue;
            if (algorithm == preferred) return challenge;
            if (!chosen) chosen = std::move(challenge);
        }
    }
    return chosen;
}

std::string digestHash(std::string_view algorithm, std::string_view text) {
    const auto kind = algorithm == "MD5" ? crypto::DigestAlgorithm::kMd5 : crypto::DigestAlgorithm::kSha256;
    return core::toHex(crypto::digest(kind, core::asBytes(text)));
}

std::string digestA1(std::string_view algorithm, std::string_view user, std::string_view realm,
                     std::string_view password) {
    std::string text;
    text.append(user).append(":").append(realm).append(":").append(password);
    auto out = digestHash(algorithm, text);
    core::wipeText(text);
    return out;
}

DigestState::DigestState(Account account, const AuthChallenge& challenge)
    : account_(std::move(account)), realm_(challenge.get("realm")) {
    add(challenge);
}

void DigestState::add(const AuthChallenge& challenge) {
    if (nonces_.size() >= kMaxNonces) nonces_.erase(nonces_.begin());
    Nonce fresh;
    fresh.nonce = challenge.get("nonce");
    fresh.opaque = challenge.get("opaque");
    fresh.cnonce = account_.cnonceSeed + std::to_string(++made_);
    nonces_.push_back(std::move(fresh));
}

/// The newest nonce that is not lent; when all are, the newest is shared.
DigestState::Nonce& DigestState::choose(core::MonoTime now) {
    const auto free =
        std::find_if(nonces_.rbegin(), nonces_.rend(), [&](const Nonce& n) { return n.lentUntil <= now; });
    if (free != nonces_.rend()) return *free;
    sharedUntil_ = now + kLease;
    return nonces_.back();
}

std::string DigestState::authorize(std::string_view method, std::string_view target, core::MonoTime now) {
    const std::lock_guard lock(mutex_);
    Nonce& nonce = choose(now);
    nonce.lentUntil = now + kLease;
    char count[9];
    std::snprintf(count, sizeof count, "%08x", ++nonce.count);
    const auto& algorithm = account_.algorithm;
    const std::string a2 = digestHash(algorithm, std::string(method) + ":" + std::string(target));
    std::string text(account_.a1.reveal());  // the response is made of it
    text.append(":")
        .append(nonce.nonce)
        .append(":")
        .append(count)
        .append(":")
        .append(nonce.cnonce)
        .append(":auth:")
        .append(a2);
    std::string out = "Digest username=" + inQuotes(account_.user) + ", realm=" + inQuotes(realm_) +
                      ", nonce=" + inQuotes(nonce.nonce) + ", uri=" + inQuotes(target) + ", algorithm=" + algorithm +
                      ", response=" + inQuotes(digestHash(algorithm, text)) + ", qop=auth, nc=" + count +
                      ", cnonce=" + inQuotes(nonce.cnonce);
    if (!nonce.opaque.empty()) out += ", opaque=" + inQuotes(nonce.opaque);
    core::wipeText(text);
    return out;
}

void DigestState::giveBack(HeaderRefs headers) {
    const auto info = findHeader(headers, "authentication-info");
    if (!info) return;
    const auto parameters = parseAuthParameters(*info);
    const auto cnonce = parameters.find("cnonce");
    if (cnonce == parameters.end()) return;
    const auto nonce =
        std::find_if(nonces_.begin(), nonces_.end(), [&](const Nonce& n) { return n.cnonce == cnonce->second; });
    if (nonce == nonces_.end()) return;
    nonce->lentUntil = {};
    const auto next = parameters.find("nextnonce");
    if (next == parameters.end() || next->second.empty()) return;
    nonce->nonce = next->second;
    nonce->count = 0;
    nonce->cnonce = account_.cnonceSeed + std::to_string(++made_);
}

Verdict DigestState::absorb(const ResponseView& response, core::MonoTime now) {
    const std::lock_guard lock(mutex_);
    if (response.status != 401) {
        giveBack(response.headers);
        return Verdict::kOk;
    }
    const auto challenge = chooseDigest(response.headers, account_.algorithm);
    if (!challenge || algorithmOf(*challenge) != account_.algorithm || challenge->get("realm") != realm_) {
        return Verdict::kExpired;
    }
    const bool stale = core::equalIgnoreCase(challenge->get("stale"), "true");
    if (stale) nonces_.clear();  // they are of one age
    add(*challenge);
    return stale || now < sharedUntil_ ? Verdict::kRetry : Verdict::kExpired;
}

}  // namespace yimen::adapter
