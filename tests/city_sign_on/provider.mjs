// A city's sign-on for the tests: oidc-provider, certified by the OpenID Foundation, with
// a sign-in page that believes whoever it is told. Started by provider.py with one word
// of JSON; the first line that it prints says that it listens.
//
// PUT /people/<subject> says what is in that one's tokens: claims, and how they signed in.

import { generateKeyPairSync } from "node:crypto";
import { createServer } from "node:http";
import { Provider } from "oidc-provider";

const { issuer, port, redirectUris, signedOutUris, id, secret } = JSON.parse(process.argv[2]);
const people = new Map();

const key = (kind, options, alg) => ({
  ...generateKeyPairSync(kind, options).privateKey.export({ format: "jwk" }),
  alg,
  use: "sig",
});

const client = (alg) => ({
  client_id: alg === "RS256" ? id : `${id}-${alg}`,
  client_secret: secret,
  redirect_uris: redirectUris,
  post_logout_redirect_uris: signedOutUris,
  id_token_signed_response_alg: alg,
});

const provider = new Provider(issuer, {
  clients: [client("RS256"), client("ES256")],
  jwks: {
    keys: [key("rsa", { modulusLength: 2048 }, "RS256"), key("ec", { namedCurve: "P-256" }, "ES256")],
  },
  claims: {
    openid: ["sub", "acr", "amr", "roles", "offices", "realm_access"],
    profile: ["given_name", "family_name", "preferred_username"],
    email: ["email", "email_verified"],
    auth_time: null,
  },
  acrValues: ["twofold"],
  conformIdTokenClaims: false,
  cookies: { keys: ["of the tests"] },
  features: {
    devInteractions: { enabled: false },
    rpInitiatedLogout: {
      enabled: true,
      logoutSource: (context, form) => {
        context.body = `<!DOCTYPE html><html lang="en"><title>City sign-on</title><main>${form}
          <button form="op.logoutForm" name="logout" value="yes">Sign out here too</button></main></html>`;
      },
    },
  },
  pkce: { required: () => true },
  interactions: { url: (_context, interaction) => `/interaction/${interaction.uid}` },
  findAccount: (_context, sub) => ({
    accountId: sub,
    claims: () => ({ sub, ...people.get(sub)?.claims }),
  }),
  async loadExistingGrant(context) {
    const grant = new context.oidc.provider.Grant({
      clientId: context.oidc.client.clientId,
      accountId: context.oidc.session.accountId,
    });
    grant.addOIDCScope("openid profile email");
    await grant.save();
    return grant;
  },
});

const body = async (request) => {
  let text = "";
  for await (const part of request) {
    text += part;
  }
  return text;
};

const signInPage = `<!DOCTYPE html><html lang="en"><title>City sign-on</title><main><h1>City sign-on</h1>
<form method="post"><label>Who are you? <input name="login" autofocus></label>
<button>Continue</button><button name="stop" value="1">Cancel</button></form></main></html>`;

const interact = async (request, response) => {
  if (request.method !== "POST") {
    response.setHeader("Content-Type", "text/html");
    response.end(signInPage);
    return;
  }
  const typed = new URLSearchParams(await body(request));
  const login = typed.get("login");
  const { amr, acr } = people.get(login) ?? {};
  const result = typed.get("stop")
    ? { error: "access_denied" }
    : { login: { accountId: login, amr, acr } };
  await provider.interactionFinished(request, response, result, {
    mergeWithLastSubmission: false,
  });
};

const pass = provider.callback();
createServer(async (request, response) => {
  if (request.method === "PUT" && request.url.startsWith("/people/")) {
    people.set(decodeURIComponent(request.url.slice(8)), JSON.parse(await body(request)));
    response.end();
  } else if (request.url.startsWith("/interaction/")) {
    await interact(request, response);
  } else {
    pass(request, response);
  }
}).listen(port, "127.0.0.1", () => process.stdout.write("listens\n"));
