/**
 * The loader a site pastes: draws the launcher and nothing else until the visitor shows intent.
 *
 * Before a hover, a focus, a touch, a click or a call from the page it makes no request, sets no cookie and opens no
 * socket. The one exception is a visitor who already has a conversation (cookie `cw_conversation`): then one
 * EventSource keeps the unread badge current, and it is closed while the frame lives. And a page that sets another
 * language than the browser's asks for the few words in it.
 *
 * The build puts the shrunken `sdk.css` in place of `__CSS__`, the default accent in place of `__ACCENT__` and, for each
 * language, its words in place of `__WORDS__`; the server chooses by the browser's language. Bound to 4 KB brotli and to
 * ES2017.
 */
(() => {
  if (window.cloudchatSDK) return;

  const PREFIX = 'cloudchat-widget:';
  const SESSION = 'cw_conversation';
  const CHAT = 'M12 4a8 8 0 1 1-4 15l-4 1 1-4a8 8 0 0 1 7-12z';
  const CROSS = 'M6 6l12 12M18 6L6 18';
  const CSS = __CSS__;
  const script = document.currentScript;
  const page = document.documentElement;

  /** An element with properties set and children appended; no markup strings, so strict page policies are content. */
  const make = (tag, properties, ...children) => {
    const element = Object.assign(document.createElement(tag), properties);
    element.append(...children);
    return element;
  };

  const icon = (path) => {
    const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
    const shape = document.createElementNS(svg.namespaceURI, 'path');
    shape.setAttribute('d', path);
    svg.setAttribute('viewBox', '0 0 24 24');
    svg.append(shape);
    return svg;
  };

  /** Reads, or writes when given a value. Storage may be blocked; then nothing is remembered and nothing breaks. */
  const store = (key, value) => {
    try {
      return value === undefined ? localStorage.getItem(key) : localStorage.setItem(key, value);
    } catch (_) {}
  };

  /** A short fingerprint, to see whether the page repeats what it has said before. */
  const fingerprint = (value) => {
    let hash = 0;
    for (const char of JSON.stringify(value)) hash = Math.imul(hash, 65599) + char.codePointAt(0);
    return (hash >>> 0).toString(36);
  };

  const check = (valid, name) => {
    if (!valid) throw Error(name);
  };

  /** `brand` names what the page sees: the method of the page's script, `$brand`, `brandSettings` and the events. */
  const run = (brand) => (options) => {
    if (window['$' + brand]) return;
    const fire = (name, detail = null) => window.dispatchEvent(new CustomEvent(brand + ':' + name, { detail }));
    const settings = Object.assign({}, window[brand + 'Settings'], options);
    const { websiteToken, baseDomain } = settings;
    const baseUrl = new URL(settings.baseUrl || script.src, location.href).href.replace(/\/(packs\/.*)?$/, '');
    const origin = new URL(baseUrl).origin;
    const userCookie = 'cw_user_' + websiteToken;
    const colorKey = 'cw_color_' + websiteToken;
    const greetingKey = 'cw_greeting_' + websiteToken;
    const keptKey = 'cw_kept_' + websiteToken;
    let frame, stream, ready, token, sentUser, watcher, pageOverflow, address;
    let queue = [];
    let unread = 0;
    let words = __WORDS__;

    const locale = () => (settings.useBrowserLanguage ? navigator.language.replace('-', '_') : settings.locale) || '';
    const isRtl = () => /^ar/.test(locale() || words.lang);
    /** Draws all in the words of the language that is set. */
    const speak = async () => {
      const lang = locale();
      if (lang && !lang.startsWith(words.lang)) words = await (await fetch(`${baseUrl}/packs/js/words?locale=${lang}`)).json();
      draw();
    };

    const readCookie = (name) => (document.cookie.match(`(?:^|; )${name}=([^;]+)`) || [])[1];
    const writeCookie = (name, value, age = 31536000, domain = baseDomain) => {
      document.cookie = `${name}=${value};path=/;max-age=${age};samesite=lax`
        + (domain ? ';domain=' + domain : '')
        + (location.protocol === 'https:' ? ';secure' : '');
    };
    const dropCookie = (name) => ['', baseDomain].forEach((domain) => writeCookie(name, '', 0, domain));

    const badge = make('i');
    const title = make('b');
    const bubble = make('button', { className: 'bubble', part: 'bubble' }, icon(CHAT), icon(CROSS), title, badge);
    const cardText = make('button');
    const dismiss = make('button', {}, icon(CROSS));
    const card = make('div', { className: 'card', part: 'card', hidden: true }, cardText, dismiss);
    const panel = make('div', { className: 'panel', part: 'panel' });
    const root = make('div', {}, panel, card, bubble);
    const host = make('div', { id: 'cw-bubble-holder' });
    const shadow = host.attachShadow({ mode: 'open' });
    try {
      const sheet = new CSSStyleSheet();
      sheet.replaceSync(CSS);
      shadow.adoptedStyleSheets = [sheet];
    } catch (_) {
      shadow.append(make('style', { textContent: CSS }));
    }
    shadow.append(root);

    /** The accent, and black or white on it, whichever reads better (relative luminance, WCAG 2). */
    const paint = (color) => {
      const [r, g, b] = [1, 3, 5].map((at) => (parseInt(color.substr(at, 2), 16) / 255) ** 2.2);
      host.style.setProperty('--c', color);
      host.style.setProperty('--on', 0.2126 * r + 0.7152 * g + 0.0722 * b > 0.4 ? '#000' : '#fff');
    };

    const draw = () => {
      const { close, chat } = words;
      const name = api.isOpen ? close : api.launcherTitle || chat;
      bubble.ariaLabel = unread ? `${name} (${unread})` : name;
      bubble.ariaExpanded = api.isOpen;
      dismiss.ariaLabel = close;
      title.hidden = api.type !== 'expanded_bubble' || api.isOpen;
      title.textContent = api.launcherTitle || chat;
      badge.hidden = !unread;
      badge.textContent = unread > 9 ? '9+' : unread;
      root.className = `${api.isOpen && 'open'} ${api.hideMessageBubble && 'bare'}`;
      host.className = `${api.position} ${api.darkMode}`;
      host.dir = isRtl() ? 'rtl' : 'ltr';
    };

    const showCard = (name, text) => {
      cardText.replaceChildren(make('b', { textContent: name }), make('span', { textContent: text }));
      card.hidden = !text;
    };

    /** What the server or the frame knows: `count`, and of the newest unread message `name` and `text`. */
    const showUnread = ({ count, name = '', text }) => {
      if (count > unread && api.showUnreadMessagesDialog) showCard(name, text);
      if (!count) card.hidden = true;
      unread = count;
      draw();
    };

    const credentials = () => `?website_token=${websiteToken}&brand=${brand}&cw_conversation=${token || readCookie(SESSION) || ''}`;

    const unwatch = () => {
      if (stream) stream.close();
      stream = null;
    };

    const watch = () => {
      if (stream || frame || document.hidden || !readCookie(SESSION)) return;
      stream = new EventSource(baseUrl + '/api/v1/widget/unread' + credentials());
      stream.addEventListener('unread', ({ data }) => showUnread(JSON.parse(data)));
    };

    /** Single-page sites change their address without a load. */
    const followAddress = () => {
      if (!ready || address === location.href) return;
      address = location.href;
      send('change-url', { referrerURL: address, referrerHost: location.host });
    };

    const load = () => {
      if (frame) return;
      unwatch();
      frame = make('iframe', {
        id: 'cloudchat_live_chat_widget',
        title: words.chat,
        allow: 'fullscreen;clipboard-write',
        src: `${baseUrl}/widget${credentials()}&locale=${locale()}&theme=${api.darkMode}`,
      });
      panel.append(frame);
    };

    const unload = () => {
      if (frame) frame.remove();
      frame = ready = address = undefined;
      api.hasLoaded = false;
    };

    const send = (event, data) =>
      frame.contentWindow.postMessage(PREFIX + JSON.stringify(Object.assign({ event }, data)), origin);

    /** Tells the frame, now or as soon as it lives; `wake` brings it to life. */
    const post = (event, data, wake) => {
      if (ready) return send(event, data);
      queue.push([event, data]);
      if (wake) load();
    };

    const sendOpen = () => send('toggle-open', { isOpen: api.isOpen });

    const isFullScreen = () => innerWidth < 480;

    /** A phone's keyboard covers the page without resizing it: the panel keeps to what is left. */
    const fit = () => {
      const { height, offsetTop } = (api.isOpen && isFullScreen() && visualViewport) || {};
      panel.style.height = height ? height + 'px' : '';
      panel.style.top = height ? offsetTop + 'px' : '';
      if (ready) send('toggle-close-button', { isMobile: isFullScreen() });
    };

    const toggle = (state) => {
      const open = state ? state === 'open' : !api.isOpen;
      if (open === api.isOpen) return;
      const focused = shadow.activeElement;
      api.isOpen = open;
      load();
      card.hidden = true;
      draw();
      fit();
      if (open) frame.focus();
      else if (focused) bubble.focus();
      if (open && isFullScreen()) {
        pageOverflow = page.style.overflow;
        page.style.overflow = 'hidden';
        // Android's back gesture closes the chat instead of leaving the page.
        if (window.CloseWatcher) (watcher = new CloseWatcher()).onclose = () => toggle('close');
      } else if (pageOverflow !== undefined) {
        page.style.overflow = pageOverflow;
        pageOverflow = undefined;
        if (watcher) watcher.destroy();
      }
      if (ready) sendOpen();
      // It could not be loaded; the next time is a new chance.
      else if (!open) unload();
      fire(open ? 'opened' : 'closed');
    };

    const close = () => toggle('close');

    const popoutChatWindow = () => {
      close();
      window.open(
        `${baseUrl}/widget${credentials()}&locale=${locale()}`,
        'cw_' + websiteToken,
        'width=400,height=600',
      );
    };

    /** What the frame may say. */
    const heard = {
      loaded({ config }) {
        token = config.authToken;
        store(colorKey, config.channelConfig.widgetColor);
        paint(config.channelConfig.widgetColor);
        ready = api.hasLoaded = true;
        send('config-set', Object.assign({}, api, { locale: locale(), kept: store(keptKey) }));
        followAddress();
        fit();
        queue.splice(0).forEach((call) => send(...call));
        sendOpen();
        observer.observe(page, { childList: true, subtree: true });
      },
      setAuthCookie({ data }) {
        token = data.widgetAuthToken;
        writeCookie(SESSION, token);
      },
      userSet: () => writeCookie(userCookie, sentUser),
      // Drafts: browsers often refuse a frame its own storage.
      keep: ({ data }) => store(keptKey, data),
      error({ data }) {
        dropCookie(userCookie);
        fire('error', data);
      },
      onEvent: ({ eventIdentifier, data }) => fire(eventIdentifier.slice(10), data),
      postback: (message) => fire('postback', message),
      handleNotificationDot: showUnread,
      blocked() {
        close();
        root.hidden = true;
        console.warn('Cloud Chat: not allowed on ' + location.host);
      },
      closeWindow: close,
      popoutChatWindow,
    };

    /** Hands its argument to the frame, by each name it may have there. Wakes the frame only for a visitor who has a conversation. */
    const relay = (event) => (value) => {
      check(value && (typeof value !== 'object' || Object.keys(value).length), event);
      post(event, { customAttributes: value, customAttribute: value, label: value }, readCookie(SESSION));
    };

    const api = Object.assign(
      { showUnreadMessagesDialog: true, type: 'standard' },
      settings,
      {
        position: settings.position || (isRtl() ? 'left' : 'right'),
        darkMode: settings.darkMode || 'light',
        baseUrl,
        isOpen: false,
        hasLoaded: false,
        resetTriggered: false,
        toggle,
        open(id) {
          toggle('open');
          if (id) post('open', { id });
        },
        close,
        popoutChatWindow,
        toggleBubbleVisibility(state) {
          api.hideMessageBubble = state === 'hide';
          draw();
        },
        setUser(identifier, user) {
          check(/str|num/.test(typeof identifier) && (user.email || user.name || user.phone_number || user.avatar_url), 'set-user');
          Object.assign(api, { identifier, user });
          sentUser = fingerprint([identifier, user]);
          if (readCookie(SESSION) && readCookie(userCookie) === sentUser) return;
          post('set-user', { identifier, user }, true);
        },
        setCustomAttributes: relay('set-custom-attributes'),
        deleteCustomAttribute: relay('delete-custom-attribute'),
        setConversationCustomAttributes: relay('set-conversation-custom-attributes'),
        deleteConversationCustomAttribute: relay('delete-conversation-custom-attribute'),
        setLabel: relay('set-label'),
        removeLabel: relay('remove-label'),
        setLocale(locale = 'en') {
          Object.assign(settings, { locale, useBrowserLanguage: false });
          speak();
          post('set-locale', { locale });
        },
        setColorScheme(darkMode = 'light') {
          api.darkMode = darkMode;
          draw();
          post('set-color-scheme', { darkMode });
        },
        reset() {
          close();
          unwatch();
          [SESSION, userCookie].forEach(dropCookie);
          unload();
          store(keptKey, '');
          token = api.identifier = api.user = undefined;
          api.resetTriggered = true;
          queue = [];
          showUnread({ count: 0 });
        },
      },
    );

    addEventListener('message', ({ source, origin: from, data }) => {
      if (!frame || source !== frame.contentWindow || from !== origin) return;
      if (typeof data !== 'string' || !data.startsWith(PREFIX)) return;
      const message = JSON.parse(data.slice(PREFIX.length));
      if (heard.hasOwnProperty(message.event)) heard[message.event](message);
    });
    bubble.onpointerenter = bubble.onfocus = load;
    bubble.onclick = () => toggle();
    cardText.onclick = () => api.open();
    dismiss.onclick = () => {
      card.hidden = true;
      store(greetingKey, 1);
    };
    // With braces: a handler that returns false would swallow every other key.
    root.onkeydown = ({ key }) => {
      if (key === 'Escape') close();
    };
    document.addEventListener('visibilitychange', () => (document.hidden ? unwatch() : watch()));
    ['resize', 'scroll'].forEach((change) => visualViewport.addEventListener(change, fit));

    // Sites that swap the body without a page load must not lose the chat: it moves out of the body's way, without a
    // reload of the frame where the browser can do that, and whatever else removes it, it comes back.
    const observer = new MutationObserver(() => {
      mount();
      followAddress();
    });
    const mount = () => {
      if (host.isConnected) return;
      (document.body || page).append(host);
      observer.observe(host.parentNode, { childList: true });
    };
    const park = () => (page.moveBefore || page.insertBefore).call(page, host, null);
    ['turbo:before-render', 'astro:before-swap'].forEach((swap) => document.addEventListener(swap, park));

    window['$' + brand] = api;
    paint(settings.widgetColor || store(colorKey) || __ACCENT__);
    draw();
    speak();
    mount();
    observer.observe(page, { childList: true });
    if (settings.greeting && !store(greetingKey)) showCard('', settings.greeting);
    // A message of an earlier page waits to be sent.
    if (/echo_id/.test(store(keptKey))) load();
    watch();
    // Not at once: pages add their listeners after `run` has returned.
    setTimeout(fire, 0, 'ready');
  };

  for (const brand of ['cloudchat', 'chatwoot']) window[brand + 'SDK'] = { run: run(brand) };
})();
