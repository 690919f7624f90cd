import './Legend.css';

// What lines and marks of a lane mean.
export default function Legend() {
  return (
    <ul class="Legend legend small dim">
      <li>
        <svg width="34" height="12" aria-hidden="true">
          <path class="wait" d="M0 6h14" />
          <rect class="fill-good" x="14" y="1" width="20" height="10" />
        </svg>
        thin: it waited; wide: it was worked
      </li>
      <li>
        <svg width="18" height="14" aria-hidden="true">
          <rect class="fill-bad" x="0" y="4" width="14" height="9" />
          <path class="cross" d="m11 1 6 6m0-6-6 6" />
        </svg>
        failed, timed out or unknown
      </li>
      <li>
        <svg width="18" height="14" aria-hidden="true">
          <rect class="fill-warn" x="0" y="4" width="14" height="9" />
          <circle class="fill-warn" cx="14" cy="3.5" r="2.5" />
        </svg>
        some set aside, missed or refused
      </li>
      <li>
        <svg width="18" height="14" aria-hidden="true"><rect class="fill-busy" x="0" y="3" width="18" height="9" /></svg>
        running
      </li>
      <li>
        <svg width="18" height="14" aria-hidden="true"><path class="tick" d="M3 0v14M10 0v14M17 0v14" /></svg>
        to come
      </li>
      <li>
        <svg width="24" height="14" aria-hidden="true"><path class="more" d="M0 7h24" /></svg>
        more to come than is drawn
      </li>
      <li>Of marks that lie too close to be told apart, one is drawn: zoom in for each.</li>
    </ul>
  );
}
