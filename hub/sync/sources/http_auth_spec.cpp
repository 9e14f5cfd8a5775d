#include <array>
#include <string>

#include "crypto/digest.h"
#include "sync/sources/http_spec_parts.h"

namespace yimen::sync {

using config::MapReader;
using config::YamlNode;
using Kind = HttpAuth::Kind;

namespace {

constexpr std::array<std::string_view, 7> kDigested{"secret", "method",    "path",        "body",
                                                    "query",  "query_raw", "query_sorted"};
constexpr std::array<std::string_view, 2> kAccount{"user", "password"};

HttpTokenSpec readToken(MapReader& map) {
    HttpTokenSpec token;
    using Form = HttpTokenSpec::Form;
    token.form =
        map.choice<Form>("format", Form::kJson, {{"json", Form::kJson}, {"xml", Form::kXml}, {"form", Form::kForm}});
    token.at = readAt(map, "token");
    if (token.at.empty()) map.complain("token", "token is expected: where the answer has it");
    if (const auto request = map.require("request")) token.request = readRequest(*request, map.errors(), kAccount);
    if (const auto errors = map.child("errors")) {
        MapReader inner(*errors, map.errors());
        inner.require("at");
        token.error = readAt(inner, "at");
        token.good = inner.texts("good");
        inner.finish();
    }
    return token;
}

}  // namespace

void readAuth(const YamlNode& node, HttpSpec& spec, config::YamlErrors& errors, const SecretLookup& secrets) {
    HttpAuth& auth = spec.auth;
    MapReader map(node, errors);
    map.require("kind");
    auth.kind = map.choice<Kind>("kind", Kind::kNone,
                                 {{"none", Kind::kNone},
                                  {"basic", Kind::kBasic},
                                  {"bearer", Kind::kBearer},
                                  {"header", Kind::kHeader},
                                  {"digest", Kind::kDigest},
                                  {"ntlm", Kind::kNtlm},
                                  {"token", Kind::kToken},
                                  {"sign_on", Kind::kSignOn}});
    const bool person = auth.kind == Kind::kBasic || auth.kind == Kind::kDigest || auth.kind == Kind::kNtlm ||
                        auth.kind == Kind::kToken;
    if (person) {
        auth.user = map.requireText("user");
        auth.secret = readSecret(map, "password", secrets);
    }
    if (auth.kind == Kind::kToken) {
        spec.token = readToken(map);
    } else if (auth.kind == Kind::kBearer) {
        auth.secret = readSecret(map, "token", secrets);
    } else if (auth.kind == Kind::kHeader) {
        auth.header = map.requireText("header");
        auth.secret = readSecret(map, "value", secrets);
    }
    map.finish();
}

HttpSigning readSigning(const YamlNode& node, config::YamlErrors& errors, const SecretLookup& secrets) {
    HttpSigning signing;
    MapReader map(node, errors);
    signing.secret = readSecret(map, "secret", secrets);
    signing.algorithm = map.text("algorithm", signing.algorithm);
    if (!crypto::digestFromName(signing.algorithm)) map.complain("algorithm", "sha256, sha1, md5 or sm3 is expected");
    signing.digest = map.choice<bool>("how", false, {{"hmac", false}, {"digest", true}});
    if (const auto text = map.require("text")) {
        signing.text = text->text().valueOr("");
        checkText(*text, signing.text, MoreNames(kDigested).subspan(signing.digest ? 0 : 1), errors);
        if (signing.digest && signing.text.find("{secret") == std::string::npos)
            errors.add(text->error("how: digest signs nothing unless {secret} is in the text"));
    }
    signing.base64 = map.choice<bool>("encoding", false, {{"hex", false}, {"base64", true}});
    signing.header = map.text("header", "");
    signing.parameter = map.text("parameter", "");
    if (signing.header.empty() == signing.parameter.empty())
        map.complain("header", "either header or parameter is expected");
    map.finish();
    return signing;
}

}  // namespace yimen::sync
