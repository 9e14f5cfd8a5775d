#include "catalog/share_tokens.h"

#include <charconv>

#include "core/ascii.h"
#include "crypto/digest.h"

namespace yimen::catalog {

namespace {

using core::ErrorCode;
using core::makeError;

constexpr std::string_view kBegin = "yms_";
constexpr std::size_t kSecretBytes = 32;
constexpr std::size_t kMaxName = 100;
constexpr std::chrono::minutes kNoteEvery{1};

std::string hashOf(std::string_view secret) {
    return core::toHex(crypto::digest(crypto::DigestAlgorithm::kSm3, core::asBytes(secret)));
}

}  // namespace

core::Result<std::pair<store::ShareTokenRecord, core::Secret>> ShareTokens::issue(store::ShareId share,
                                                                                  const std::string& name,
                                                                                  store::PersonId by) {
    if (core::trim(name).empty() || name.size() > kMaxName) {
        return makeError(ErrorCode::kInvalidInput, "$.name: 须填系统名称 / say which system it is for");
    }
    YIMEN_TRY(const auto others, access_.tokens(share));
    std::size_t good = 0;
    for (const auto& other : others) good += other.revokedAt == core::WallTime{} ? 1U : 0U;
    if (good >= kMaxPerShare) {
        return makeError(ErrorCode::kConflict, "令牌过多，请先吊销 / too many tokens: revoke one first");
    }
    const std::string secret = random_.base64Url(kSecretBytes);
    store::ShareTokenRecord token;
    token.share = share;
    token.name = name;
    token.hash = hashOf(secret);
    token.issuedBy = by;
    token.createdAt = clock_.wall();
    YIMEN_TRY(token, access_.addToken(token));
    core::Secret text(std::string(kBegin) + std::to_string(token.id) + "_" + secret);
    return std::pair(std::move(token), std::move(text));
}

core::Result<store::ShareTokenRecord> ShareTokens::check(store::ShareId share, std::string_view text) {
    const auto bad = [] { return makeError(ErrorCode::kUnauthenticated, "令牌无效 / this token is not good"); };
    if (!text.starts_with(kBegin)) return bad();
    text.remove_prefix(kBegin.size());
    store::ShareTokenId id = 0;
    const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), id);
    if (failure != std::errc() || end == text.data() + text.size() || *end != '_') return bad();
    text.remove_prefix(static_cast<std::size_t>(end - text.data()) + 1);
    YIMEN_TRY(const auto token, access_.token(id));
    // The hash is made and compared for a number that does not exist too: one answer, equal work.
    const std::string hash = hashOf(text);
    const std::string stored = token ? token->hash : std::string(hash.size(), '0');
    const bool same = core::equalConstantTime(core::asBytes(hash), core::asBytes(stored));
    if (!token || !same || token->share != share || token->revokedAt != core::WallTime{}) return bad();
    if (clock_.wall() - token->lastUsedAt > kNoteEvery) YIMEN_TRY_STATUS(access_.noteUse(id, clock_.wall()));
    return *token;
}

}  // namespace yimen::catalog
