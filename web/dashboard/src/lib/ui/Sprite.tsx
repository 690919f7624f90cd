export default function Sprite() {
  return (
    <svg class="unseen" width="0" height="0" aria-hidden="true" focusable="false">
      <symbol id="i-tick" viewBox="0 0 16 16"><path d="m3 8.5 3.5 3.5L13 4.5" /></symbol>
      <symbol id="i-tick-dot" viewBox="0 0 16 16">
        <path d="m2 8.5 3.5 3.5L11 5" />
        <circle cx="13.2" cy="12.4" r="1.4" fill="currentColor" stroke="none" />
      </symbol>
      <symbol id="i-cross" viewBox="0 0 16 16"><path d="m4 4 8 8m0-8-8 8" /></symbol>
      <symbol id="i-hourglass" viewBox="0 0 16 16"><path d="M4 2.5h8M4 13.5h8M5 2.5c0 3 6 8 6 11M11 2.5c0 3-6 8-6 11" /></symbol>
      <symbol id="i-square" viewBox="0 0 16 16"><rect x="4" y="4" width="8" height="8" rx="1" /></symbol>
      <symbol id="i-bar" viewBox="0 0 16 16">
        <circle cx="8" cy="8" r="5.5" />
        <path d="M5 8h6" />
      </symbol>
      <symbol id="i-ring-gap" viewBox="0 0 16 16"><circle cx="8" cy="8" r="5.5" stroke-dasharray="3 2.75" /></symbol>
      <symbol id="i-ring" viewBox="0 0 16 16"><circle cx="8" cy="8" r="5" /></symbol>
      <symbol id="i-pause" viewBox="0 0 16 16"><path d="M5.5 4v8M10.5 4v8" /></symbol>
      <symbol id="i-play" viewBox="0 0 16 16"><path d="M5 3.5v9l7.5-4.5z" /></symbol>
      <symbol id="i-question" viewBox="0 0 16 16"><path d="M5.5 6a2.5 2.5 0 1 1 3.8 2.1C8.5 8.7 8 9.1 8 10M8 12.5v.01" /></symbol>
      <symbol id="i-search" viewBox="0 0 16 16">
        <circle cx="7" cy="7" r="4.25" />
        <path d="m10.5 10.5 3 3" />
      </symbol>
      <symbol id="i-menu" viewBox="0 0 16 16"><path d="M2.5 4.500h11M2.5 8h11M2.5 11.500h11" /></symbol>
      <symbol id="i-close" viewBox="0 0 16 16"><path d="m4 4 8 8m0-8-8 8" /></symbol>
      <symbol id="i-overview" viewBox="0 0 16 16">
        <circle cx="8" cy="8" r="6" />
        <path d="M8 4.500V8l2.5 1.750" />
      </symbol>
      <symbol id="i-jobs" viewBox="0 0 16 16"><path d="M5.5 4h8M5.5 8h8M5.5 12h8M2.5 4v.01M2.5 8v.01M2.5 12v.01" /></symbol>
      <symbol id="i-timeline" viewBox="0 0 16 16"><path d="M2 4h6M5 8h7M9 12h5" /></symbol>
      <symbol id="i-history" viewBox="0 0 16 16"><path d="M2.5 8a5.5 5.5 0 1 0 1.800-4.100M2.5 2.500v2.250h2.250M8 5v3l2 1.5" /></symbol>
      <symbol id="i-festivals" viewBox="0 0 16 16"><path d="m8 2 1.5 4.500L14 8l-4.5 1.500L8 14l-1.5-4.500L2 8l4.5-1.500z" /></symbol>
      <symbol id="i-alerts" viewBox="0 0 16 16"><path d="M4 11V7.500a4 4 0 0 1 8 0V11l1 1.250H3zM7 14h2" /></symbol>
      <symbol id="i-audit" viewBox="0 0 16 16"><path d="M4 2.500h8v11H4zM6 6h4M6 8.500h4M6 11h2" /></symbol>
      <symbol id="i-nodes" viewBox="0 0 16 16">
        <rect x="2.5" y="2.5" width="11" height="4.5" rx="1" />
        <rect x="2.5" y="9" width="11" height="4.5" rx="1" />
        <path d="M5 4.750v.01M5 11.250v.01" />
      </symbol>
      <symbol id="i-tokens" viewBox="0 0 16 16">
        <circle cx="5" cy="8" r="2.750" />
        <path d="M7.750 8H14M12 8v2.5" />
      </symbol>
      <symbol id="i-approvals" viewBox="0 0 16 16">
        <circle cx="5.5" cy="5" r="2.250" />
        <path d="M2 13c0-2.5 1.5-4 3.5-4 1 0 1.900.4 2.5 1.100M9.5 11.5 11 13l3-3.5" />
      </symbol>
      <symbol id="i-config" viewBox="0 0 16 16">
        <path d="M2.5 5h5M11 5h2.500M2.5 11h2M8 11h5.5" />
        <circle cx="9.250" cy="5" r="1.750" />
        <circle cx="6.250" cy="11" r="1.750" />
      </symbol>
      <symbol id="i-clients" viewBox="0 0 16 16"><path d="M2.5 6.500a8 8 0 0 1 11 0M4.5 9a5 5 0 0 1 7 0M8 12v.01" /></symbol>
      <symbol id="i-sun" viewBox="0 0 16 16">
        <circle cx="8" cy="8" r="2.750" />
        <path d="M8 1.500v1.250M8 13.250v1.250M1.5 8h1.250M13.250 8h1.250M3.400 3.400l.9.9M11.700 11.700l.9.9M3.400 12.600l.9-.9M11.700 4.300l.9-.9" />
      </symbol>
      <symbol id="i-moon" viewBox="0 0 16 16"><path d="M13 9.500A5.5 5.5 0 1 1 6.5 3a4.5 4.5 0 0 0 6.5 6.500z" /></symbol>
      <symbol id="i-screen" viewBox="0 0 16 16">
        <rect x="2" y="3" width="12" height="8" rx="1" />
        <path d="M6 13.500h4" />
      </symbol>
      <symbol id="i-help" viewBox="0 0 16 16">
        <circle cx="8" cy="8" r="6" />
        <path d="M6.250 6.500a1.800 1.800 0 1 1 2.700 1.500c-.6.4-.95.7-.95 1.300M8 11.250v.01" />
      </symbol>
      <symbol id="i-out" viewBox="0 0 16 16"><path d="M6.5 3h-3v10h3M7 8h6.500M11 5.5 13.5 8 11 10.5" /></symbol>
      <symbol id="i-arrow" viewBox="0 0 16 16"><path d="M3 8h10M9.5 4.5 13 8l-3.5 3.5" /></symbol>
      <symbol id="i-down" viewBox="0 0 16 16"><path d="m4 6 4 4 4-4" /></symbol>
      <symbol id="i-warning" viewBox="0 0 16 16"><path d="M8 2.5 14.5 13.500h-13zM8 6.500v3M8 11.500v.01" /></symbol>
    </svg>
  );
}
