//! Requests as a client makes them.

use serde_json::Value;

use crate::process::Demo;

/// A status and a JSON body (null if there is none).
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) body: Value,
}

fn agent() -> ureq::Agent {
    ureq::Agent::config_builder().http_status_as_error(false).build().new_agent()
}

fn answer(result: Result<ureq::http::Response<ureq::Body>, ureq::Error>) -> Answer {
    let mut response = result.unwrap();
    let text = response.body_mut().read_to_string().unwrap();
    Answer { status: response.status().as_u16(), body: serde_json::from_str(&text).unwrap_or(Value::Null) }
}

/// A client with a secret.
pub(crate) struct Client {
    base_url: String,
    client_id: String,
    client_secret: String,
}

impl Client {
    /// One of the two clients of a demo: `operator` or `app`.
    pub(crate) fn of(demo: &Demo, which: &str) -> Self {
        Self {
            base_url: demo.server.base_url.clone(),
            client_id: demo.text(&format!("/{which}/client_id")),
            client_secret: demo.text(&format!("/{which}/client_secret")),
        }
    }

    pub(crate) fn with_secret(&self, client_secret: &str) -> Self {
        Self {
            base_url: self.base_url.clone(),
            client_id: self.client_id.clone(),
            client_secret: client_secret.to_owned(),
        }
    }

    /// Another client of the same server.
    pub(crate) fn with_id(&self, client_id: &str) -> Self {
        Self { client_id: client_id.to_owned(), ..self.with_secret(&self.client_secret) }
    }

    /// The same client, talking to another node.
    pub(crate) fn at(&self, address: &str) -> Self {
        Self { base_url: address.to_owned(), ..self.with_secret(&self.client_secret) }
    }

    /// `POST /connect/token` with the secret in the body.
    pub(crate) fn request_token(&self) -> Answer {
        self.post("/connect/token", &[("grant_type", "client_credentials")])
    }

    /// An access token, which has to be there.
    pub(crate) fn token(&self) -> String {
        let answer = self.request_token();
        assert_eq!(answer.status, 200, "{answer:?}");
        answer.body["access_token"].as_str().unwrap().to_owned()
    }

    /// `POST` with credentials and further parameters as a form.
    pub(crate) fn post(&self, path: &str, parameters: &[(&str, &str)]) -> Answer {
        let mut form =
            vec![("client_id", self.client_id.as_str()), ("client_secret", self.client_secret.as_str())];
        form.extend_from_slice(parameters);
        answer(agent().post(format!("{}{path}", self.base_url)).send_form(form))
    }

    /// What introspection says of a token.
    pub(crate) fn introspect(&self, token: &str) -> Value {
        let answer = self.post("/connect/introspect", &[("token", token)]);
        assert_eq!(answer.status, 200, "{answer:?}");
        answer.body
    }
}

/// The management API with an operator's token.
pub(crate) struct Management {
    base_url: String,
    token: String,
}

impl Management {
    pub(crate) fn of(demo: &Demo) -> Self {
        Self::by(&Client::of(demo, "operator"))
    }

    /// With a token of a client, at the server that the client talks to.
    pub(crate) fn by(client: &Client) -> Self {
        Self { base_url: client.base_url.clone(), token: client.token() }
    }

    /// The same server with another token.
    pub(crate) fn with_token(&self, token: &str) -> Self {
        Self { base_url: self.base_url.clone(), token: token.to_owned() }
    }

    /// What introspection says of any token to an operator.
    pub(crate) fn introspect(&self, token: &str) -> Value {
        let request = agent().post(format!("{}/connect/introspect", self.base_url));
        let answer = answer(request.header("Authorization", self.bearer()).send_form([("token", token)]));
        assert_eq!(answer.status, 200, "{answer:?}");
        answer.body
    }

    fn url(&self, path: &str) -> String {
        format!("{}/api/v1{path}", self.base_url)
    }

    fn bearer(&self) -> String {
        format!("Bearer {}", self.token)
    }

    pub(crate) fn get(&self, path: &str) -> Answer {
        answer(agent().get(self.url(path)).header("Authorization", self.bearer()).call())
    }

    pub(crate) fn delete(&self, path: &str) -> Answer {
        answer(agent().delete(self.url(path)).header("Authorization", self.bearer()).call())
    }

    /// `POST` without a body.
    pub(crate) fn act(&self, path: &str) -> Answer {
        answer(agent().post(self.url(path)).header("Authorization", self.bearer()).send_empty())
    }

    pub(crate) fn post(&self, path: &str, body: &Value) -> Answer {
        answer(agent().post(self.url(path)).header("Authorization", self.bearer()).send_json(body))
    }

    pub(crate) fn put(&self, path: &str, body: &Value) -> Answer {
        answer(agent().put(self.url(path)).header("Authorization", self.bearer()).send_json(body))
    }

    pub(crate) fn patch(&self, path: &str, body: &Value) -> Answer {
        answer(agent().patch(self.url(path)).header("Authorization", self.bearer()).send_json(body))
    }
}

/// The claims of a token, unverified.
pub(crate) fn claims(token: &str) -> Value {
    let payload = token.split('.').nth(1).unwrap();
    let json = data_encoding::BASE64URL_NOPAD.decode(payload.as_bytes()).unwrap();
    serde_json::from_slice(&json).unwrap()
}

/// `GET` without credentials.
pub(crate) fn get(url: &str) -> Answer {
    answer(agent().get(url).call())
}

/// `GET` with a header.
pub(crate) fn get_with(url: &str, (name, value): (&str, &str)) -> Answer {
    answer(agent().get(url).header(name, value).call())
}

/// `POST` of a form with nothing but these parameters.
pub(crate) fn post_form(url: &str, parameters: &[(&str, &str)]) -> Answer {
    answer(agent().post(url).send_form(parameters.iter().copied()))
}
