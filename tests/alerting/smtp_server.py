"""A server that takes e-mail (aiosmtpd), as tests want it: says its port, and writes what it got as JSON lines.

Recipients tell it what to answer: no-such@... is refused for good, later@... for the first two times, slow@... is
answered to never. A text that says "unwanted" is refused once it is there.
"""
import argparse
import asyncio
import email
import email.policy
import json
import ssl

from aiosmtpd.smtp import SMTP, AuthResult, LoginPassword

parser = argparse.ArgumentParser()
parser.add_argument('--got', required=True)
parser.add_argument('--tls', choices=['none', 'starttls', 'implicit'], default='none')
parser.add_argument('--certificate')
parser.add_argument('--key')
parser.add_argument('--login', help='user:password')
said = parser.parse_args()


class Handler:
    def __init__(self):
        self.asked = {}

    async def handle_RCPT(self, server, session, envelope, address, options):
        if address.startswith('no-such@'):
            return '550 5.1.1 there is no such user'
        if address.startswith('slow@'):
            await asyncio.sleep(1000)
        self.asked[address] = self.asked.get(address, 0) + 1
        if address.startswith('later@') and self.asked[address] <= 2:
            return '451 4.7.1 greylisted, come again'
        envelope.rcpt_tos.append(address)
        return '250 OK'

    async def handle_DATA(self, server, session, envelope):
        text = envelope.content.decode()
        if 'unwanted' in text:
            return '554 5.7.1 unwanted'
        message = email.message_from_bytes(envelope.content, policy=email.policy.default)
        got = {
            'from': envelope.mail_from,
            'to': envelope.rcpt_tos,
            'encrypted': server.transport.get_extra_info('sslcontext') is not None,
            'login': session.auth_data.login.decode() if session.auth_data else None,
            'headers': [[name, str(value)] for name, value in message.items()],
            'text': message.get_body(('plain',)).get_content(),
            'raw': text,
        }
        with open(said.got, 'a', encoding='utf-8') as file:
            file.write(json.dumps(got) + '\n')
        return '250 OK: queued as 42'


def authenticate(server, session, envelope, mechanism, data):
    user, password = said.login.split(':')
    good = isinstance(data, LoginPassword) and data.login.decode() == user and data.password.decode() == password
    return AuthResult(success=good, handled=False, auth_data=data)


async def main():
    context = None
    if said.tls != 'none':
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(said.certificate, said.key)
    handler = Handler()
    starttls = said.tls == 'starttls'

    def protocol():
        options = {'hostname': 'mail.test', 'loop': asyncio.get_running_loop()}
        if starttls:
            options.update(tls_context=context, require_starttls=True)
        if said.login:
            options.update(authenticator=authenticate, auth_required=True, auth_require_tls=starttls)
        return SMTP(handler, **options)

    server = await asyncio.get_running_loop().create_server(
        protocol, '127.0.0.1', 0, ssl=context if said.tls == 'implicit' else None)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


asyncio.run(main())
